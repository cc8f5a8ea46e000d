"""What tells a learning platform (LMS) how a package is made up: SCORM 1.2's and cmi5's XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote
from xml.etree import ElementTree as ET

from grader.xapi import HOME, LANGUAGE

SCORM = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}
CMI5 = {"xmlns": "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"}
LESSON = "http://adlnet.gov/expapi/activities/lesson"


def imsmanifest(identifier: str, title: str, launch: str, files: Iterable[str]) -> bytes:
    """The `imsmanifest.xml` of a package with one SCO, `launch`.

    It names no mastery score: with one, the LMS would call an unfinished session failed.
    """
    root = ET.Element("manifest", {"identifier": identifier, "version": "1.0", **SCORM})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "ADL SCORM"
    ET.SubElement(metadata, "schemaversion").text = "1.2"
    organizations = ET.SubElement(root, "organizations", default="course")
    organization = ET.SubElement(organizations, "organization", identifier="course")
    ET.SubElement(organization, "title").text = title
    item = {"identifier": "item", "identifierref": "files", "isvisible": "true"}
    ET.SubElement(ET.SubElement(organization, "item", item), "title").text = title
    resource = ET.SubElement(
        ET.SubElement(root, "resources"),
        "resource",
        {
            "identifier": "files",
            "type": "webcontent",
            "adlcp:scormtype": "sco",
            "href": quote(launch),
        },
    )
    for file in files:
        ET.SubElement(resource, "file", href=quote(file))
    return text_of(root)


def course_structure(
    identifier: str, title: str, about: str, launch: str, units: Mapping[str, str], least: int
) -> bytes:
    """The `cmi5.xml` of a course with one assignable unit for each of `units` (name -> title).

    `least` is the score of 100 from which a unit is passed.
    """
    root = ET.Element("courseStructure", CMI5)
    describe(ET.SubElement(root, "course", id=f"{HOME}{identifier}"), title, about)
    for name, unit in units.items():
        rules = {"moveOn": "CompletedAndPassed", "masteryScore": f"{least / 100:g}"}
        place = {"launchMethod": "AnyWindow", "activityType": LESSON}
        au = ET.SubElement(root, "au", {"id": f"{HOME}units/{name}", **rules, **place})
        describe(au, unit, about)
        ET.SubElement(au, "url").text = f"{quote(launch)}?unit={quote(name)}"
    return text_of(root)


def describe(element: ET.Element, title: str, about: str) -> None:
    """Give an element its title and description."""
    for name, text in (("title", title), ("description", about)):
        ET.SubElement(ET.SubElement(element, name), "langstring", lang=LANGUAGE).text = text


def text_of(root: ET.Element) -> bytes:
    """The document as UTF-8."""
    ET.indent(root)
    found = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(found) + b"\n"
