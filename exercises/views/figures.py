"""Drawings of an agent with a customer, as SVG: one for each pose, in the theme's colours.

Most show the agent as the customer sees them, over a counter; in some both are seen from the side.
All measures are units of the drawing, 240 wide and 180 high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any, NamedTuple

from exercises.texts import say


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float


_HEAD, _CHEST = Point(120, 52), Point(120, 96)


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm from shoulder over elbow to hand. `hand`: "round", "open", "flat" or "point"."""

    shoulder: Point
    elbow: Point
    wrist: Point
    hand: str = "round"


@dataclass(frozen=True, slots=True)
class Face:
    """Where the eyes look (units off the middle), the brows and the mouth.

    `brows`: "calm", "up" or "stern"; `mouth`: "smile", "soft", "flat" or "talk".
    """

    gaze: tuple[float, float] = (0, 0)
    brows: str = "calm"
    mouth: str = "soft"


@dataclass(frozen=True, slots=True)
class Body:
    """A figure seen from the front.

    `head` is the middle of the head, `tilt` its degrees to the right; `chest` is the middle
    between the shoulders, `half` half their width. Things are drawn `behind` them, `on_desk`
    under their arms, and `before` them.
    """

    arms: tuple[Arm, ...]
    face: Face = Face()
    head: Point = _HEAD
    tilt: float = 0
    chest: Point = _CHEST
    half: float = 33
    behind: str = ""
    on_desk: str = ""
    before: str = ""
    headset: bool = False


# How many agents there are to draw: they differ in hair and skin (scene.css).
LOOKS = 4


def figure_svg(pose: str, look: int = 0) -> str:
    """The drawing of a pose, with a title for screen readers; `look` is below LOOKS.

    Raises KeyError.
    """
    drawing = POSES[pose]()
    title = escape(say(f"scene_pose_{pose.replace('-', '_')}"))
    return (
        f'<svg class="tid-figure tid-look-{look}" viewBox="0 0 240 180" role="img">'
        f"<title>{title}</title>{drawing}</svg>"
    )


# ---- the parts of a figure ----

_LEFT, _RIGHT = Point(92, 100), Point(148, 100)


def _draw(body: Body) -> str:
    """A figure from the waist up, behind a counter."""
    arms = "".join(_arm(arm) for arm in body.arms)
    figure = f"{_torso(body)}{_head(body)}{_counter()}{body.on_desk}{arms}"
    return f"{_ground()}{body.behind}{figure}{body.before}"


def _ground() -> str:
    return '<rect class="tid-fig-wall" width="240" height="180" rx="8"/>'


def _counter() -> str:
    return (
        '<path class="tid-fig-desk" d="M0 150h240v22a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8z"/>'
        '<rect class="tid-fig-edge" y="146" width="240" height="7"/>'
    )


def _torso(body: Body) -> str:
    (x, y), half = body.chest, body.half
    waist = half * 0.82
    return (
        f'<path class="tid-fig-shirt" d="M{x - 10} {y - 14}'
        f"C{x - half} {y - 11} {x - half - 5} {y - 4} {x - half - 5} {y + 14}"
        f"L{x - waist} 150H{x + waist}L{x + half + 5} {y + 14}"
        f'C{x + half + 5} {y - 4} {x + half} {y - 11} {x + 10} {y - 14}z"/>'
        f'<path class="tid-fig-collar" d="M{x - 11} {y - 14}L{x} {y + 2}L{x + 11} {y - 14}z"/>'
    )


def _head(body: Body) -> str:
    (x, y), (cx, cy) = body.head, body.chest
    neck = f'<path class="tid-fig-neck" d="M{x} {y + 12}L{cx} {cy - 11}"/>'
    ears = "".join(
        f'<circle class="tid-fig-skin" cx="{x + side * 21}" cy="{y + 2}" r="5"/>'
        for side in (-1, 1)
    )
    hair = (
        f'<path class="tid-fig-hair" d="M{x - 22} {y + 2}C{x - 26} {y - 32} {x + 26} {y - 32} '
        f"{x + 22} {y + 2}C{x + 20} {y - 8} {x + 15} {y - 15} {x + 7} {y - 15}"
        f'C{x - 5} {y - 15} {x - 19} {y - 12} {x - 22} {y + 2}z"/>'
    )
    skull = f'<ellipse class="tid-fig-skin" cx="{x}" cy="{y}" rx="21" ry="24"/>'
    band = _headset(x, y) if body.headset else ""
    face = _face(x, y, body.face)
    return (
        f'{neck}<g transform="rotate({body.tilt} {x} {y + 22})">{ears}{skull}{hair}{face}{band}</g>'
    )


def _face(x: float, y: float, face: Face) -> str:
    dx, dy = face.gaze
    eyes = "".join(
        f'<circle class="tid-fig-ink" cx="{x + side * 8 + dx}" cy="{y + dy}" r="2.3"/>'
        for side in (-1, 1)
    )
    inner, outer = {"calm": (-7.5, -7), "up": (-9.5, -7), "stern": (-6, -7.5)}[face.brows]
    brows = "".join(
        f'<path class="tid-fig-line" d="M{x + side * 12 + dx / 2} {y + outer + dy / 2}'
        f'L{x + side * 5 + dx / 2} {y + inner + dy / 2}"/>'
        for side in (-1, 1)
    )
    mx, my = x + dx * 0.7, y + 11 + dy / 2
    mouth = {
        "smile": f'<path class="tid-fig-line" d="M{mx - 7} {my - 2}q7 8 14 0"/>',
        "soft": f'<path class="tid-fig-line" d="M{mx - 5} {my}q5 3 10 0"/>',
        "flat": f'<path class="tid-fig-line" d="M{mx - 5} {my}h10"/>',
        "talk": f'<ellipse class="tid-fig-ink" cx="{mx}" cy="{my}" rx="4" ry="3"/>',
    }[face.mouth]
    return eyes + brows + mouth


def _headset(x: float, y: float) -> str:
    return (
        f'<path class="tid-fig-gear" d="M{x - 23} {y + 1}C{x - 25} {y - 35} {x + 25} {y - 35} '
        f'{x + 23} {y + 1}"/>'
        f'<rect class="tid-fig-gear-full" x="{x - 27}" y="{y - 5}" width="8" height="15" rx="4"/>'
        f'<rect class="tid-fig-gear-full" x="{x + 19}" y="{y - 5}" width="8" height="15" rx="4"/>'
        f'<path class="tid-fig-gear" d="M{x - 23} {y + 8}q2 12 13 12"/>'
        f'<circle class="tid-fig-gear-full" cx="{x - 9}" cy="{y + 20}" r="2.6"/>'
    )


def _arm(arm: Arm) -> str:
    (sx, sy), (ex, ey), (wx, wy) = arm.shoulder, arm.elbow, arm.wrist
    # The sleeve ends a little below the elbow.
    cx, cy = ex + (wx - ex) * 0.3, ey + (wy - ey) * 0.3
    sleeve = f"M{sx} {sy}L{ex} {ey}L{cx} {cy}"
    # The rim begins below the shoulder, where the arm leaves the body.
    rim = f"M{sx + (ex - sx) * 0.45} {sy + (ey - sy) * 0.45}L{ex} {ey}L{cx} {cy}"
    fore = f"M{cx} {cy}L{wx} {wy}"
    return (
        f'<path class="tid-fig-rim" d="{rim}"/><path class="tid-fig-sleeve" d="{sleeve}"/>'
        f'<path class="tid-fig-fore" d="{fore}"/>{_hand(arm)}'
    )


def _hand(arm: Arm) -> str:
    (ex, ey), (x, y) = arm.elbow, arm.wrist
    length = ((x - ex) ** 2 + (y - ey) ** 2) ** 0.5 or 1
    ux, uy = (x - ex) / length, (y - ey) / length
    if arm.hand == "point":
        tip = f"M{x} {y}L{x + 17 * ux} {y + 17 * uy}"
        return (
            f'<circle class="tid-fig-skin" cx="{x}" cy="{y}" r="8"/>'
            f'<path class="tid-fig-finger" d="{tip}"/>'
        )
    if arm.hand == "open":  # seen from the side: palm and fingers in one line
        tip = f"M{x} {y}L{x + 11 * ux} {y + 11 * uy}"
        thumb = f"M{x} {y}L{x + 7 * ux + 6 * uy} {y + 7 * uy - 6 * ux}"
        return f'<path class="tid-fig-palm" d="{tip}"/><path class="tid-fig-finger" d="{thumb}"/>'
    if arm.hand == "flat":  # the palm towards the customer, fingers up
        fingers = "".join(
            f'<path class="tid-fig-finger" d="M{x + dx} {y - 5}L{x + dx * 1.35} {y - top}"/>'
            for dx, top in ((-7, 18), (-2.3, 22), (2.5, 21), (7, 17))
        )
        thumb = f'<path class="tid-fig-finger" d="M{x + 7} {y + 2}L{x + 14} {y - 5}"/>'
        return f'<circle class="tid-fig-skin" cx="{x}" cy="{y - 1}" r="10.5"/>{fingers}{thumb}'
    return f'<circle class="tid-fig-skin" cx="{x}" cy="{y}" r="7.5"/>'


# ---- things ----

_SCREEN = (  # from behind
    '<path class="tid-fig-gear-full" d="M196 128h12v18h12v5h-36v-5h12z"/>'
    '<rect class="tid-fig-gear-full" x="174" y="92" width="56" height="42" rx="4"/>'
    '<circle class="tid-fig-wall" cx="202" cy="112" r="3"/>'
)
_KEYS = (
    '<path class="tid-fig-gear-full" d="M78 150h56l5 11H73z"/>'
    '<path class="tid-fig-key" d="M81 153.5h50M79 157.5h55"/>'
)
_PAPER = (
    '<path class="tid-fig-paper" d="M84 146h58l8 17H76z"/>'
    '<path class="tid-fig-writing" d="M92 151h40M90 156h34"/>'
)
_PEN = '<path class="tid-fig-pen" d="M128 152l13-24"/>'


# ---- the poses ----

_RESTING = (
    Arm(_LEFT, Point(78, 130), Point(99, 148)),
    Arm(_RIGHT, Point(162, 130), Point(141, 148)),
)
_FOLDED = (
    Arm(_LEFT, Point(78, 132), Point(112, 152)),
    Arm(_RIGHT, Point(162, 132), Point(126, 152)),
)
_TYPING = (
    Arm(_LEFT, Point(76, 130), Point(90, 151)),
    Arm(_RIGHT, Point(164, 130), Point(122, 151)),
)
_STANDING = Body(_RESTING)


def _front(**changes: Any) -> Callable[[], str]:  # noqa: ANN401  (fields of Body)
    return lambda: _draw(replace(_STANDING, **changes))


def _crossed() -> str:
    """Folded arms lie over each other, so they are drawn by hand."""
    upper = "".join(
        f'<path class="tid-fig-rim" d="M{120 + s * 35} 112L{120 + s * 38} 126"/>'
        f'<path class="tid-fig-sleeve" d="M{120 + s * 29} 100L{120 + s * 38} 126"/>'
        for s in (-1, 1)
    )
    folded = (
        '<circle class="tid-fig-skin" cx="91" cy="113" r="7"/>'
        '<path class="tid-fig-rim" d="M158 127L97 115"/>'
        '<path class="tid-fig-sleeve" d="M158 127L97 115"/>'
        '<path class="tid-fig-rim" d="M82 127L138 116"/>'
        '<path class="tid-fig-sleeve" d="M82 127L138 116"/>'
        '<path class="tid-fig-palm" d="M143 115L148 114"/>'
    )
    body = replace(_STANDING, face=Face(brows="stern", mouth="flat"), tilt=-3)
    return f"{_ground()}{_torso(body)}{_head(body)}{upper}{folded}{_counter()}"


def _hips() -> str:
    arms = (
        Arm(Point(90, 100), Point(56, 120), Point(88, 142)),
        Arm(Point(150, 100), Point(184, 120), Point(152, 142)),
    )
    body = replace(_STANDING, face=Face(brows="stern", mouth="flat"), half=35)
    drawn = "".join(_arm(arm) for arm in arms)
    return f"{_ground()}{drawn}{_torso(body)}{_head(body)}{_counter()}"


def _turned() -> str:
    """Half from behind, busy with a shelf."""
    shelf = '<path class="tid-fig-gear" d="M176 60h58M176 104h58"/>' + "".join(
        f'<rect class="{look}" x="{x}" y="{y}" width="9" height="{h}" rx="1.5"/>'
        for look, x, y, h in (
            ("tid-fig-other", 186, 28, 30),
            ("tid-fig-desk", 197, 24, 34),
            ("tid-fig-shirt", 208, 30, 28),
            ("tid-fig-other", 200, 72, 30),
            ("tid-fig-desk", 211, 74, 28),
            ("tid-fig-other-dark", 222, 70, 32),
        )
    )
    near = Arm(Point(112, 102), Point(146, 122), Point(184, 96))
    head = (
        '<path class="tid-fig-neck" d="M124 66L122 88"/>'
        '<path class="tid-fig-skin" d="M128 32C148 32 150 46 149 52l3 8-5 2c0 8-3 13-13 13h-16z"/>'
        '<path class="tid-fig-hair" d="M134 74C126 82 104 76 102 52 100 24 140 18 148 38'
        'c-8-1-13 2-14 10z"/>'
        '<circle class="tid-fig-skin" cx="131" cy="56" r="5"/>'
    )
    torso = (
        '<path class="tid-fig-shirt" d="M112 82C92 86 86 98 86 112L90 150H148L152 112'
        'C152 98 146 86 132 82z"/>'
        '<path class="tid-fig-seam" d="M100 108q-4 22 0 42"/>'
    )
    return f"{_ground()}{shelf}{torso}{head}{_counter()}{_arm(near)}"


def _from_the_side(*, standing: bool) -> str:
    """The customer sits on the left; the agent sits opposite or stands over them."""
    floor = '<path class="tid-fig-desk" d="M0 164h240v8a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8z"/>'
    table = '<path class="tid-fig-top" d="M98 120h44M120 122v42"/>'
    customer = _sitting(62, face=1, look="other")
    if standing:
        agent = (
            '<path class="tid-fig-legs" d="M176 108L172 166M184 108L192 166"/>'
            '<path class="tid-fig-trunk-agent" d="M180 104L172 66"/>'
            '<path class="tid-fig-limb-rim" d="M172 66L150 84L142 112"/>'
            '<path class="tid-fig-limb-agent" d="M172 66L150 84L142 112"/>'
            '<circle class="tid-fig-skin" cx="141" cy="115" r="6"/>'
            + _profile(158, 36, face=-1, tilt=14, hair="tid-fig-hair")
        )
    else:
        agent = _sitting(178, face=-1, look="agent")
    return f"{_ground()}{floor}{customer}{table}{agent}"


def _sitting(x: float, *, face: int, look: str) -> str:
    """Somebody on a chair who looks to the right (`face` 1) or the left (-1)."""
    f = face
    hair = "tid-fig-hair" if look == "agent" else "tid-fig-other-hair"
    return (
        f'<path class="tid-fig-chair" d="M{x - 18 * f} 84L{x - 16 * f} 128H{x + 14 * f}'
        f'M{x - 15 * f} 128V166M{x + 12 * f} 128V166"/>'
        f'<path class="tid-fig-legs" d="M{x - 4 * f} 122H{x + 26 * f}L{x + 28 * f} 164h{6 * f}"/>'
        f'<path class="tid-fig-trunk-{look}" d="M{x - 5 * f} 118L{x - 2 * f} 84"/>'
        f'<path class="tid-fig-limb-rim" d="M{x - 2 * f} 84L{x + 6 * f} 108L{x + 30 * f} 112"/>'
        f'<path class="tid-fig-limb-{look}" d="M{x - 2 * f} 84L{x + 6 * f} 108L{x + 30 * f} 112"/>'
        f'<circle class="tid-fig-skin" cx="{x + 33 * f}" cy="112" r="5.5"/>'
        + _profile(x + 2 * f, 54, face=f, tilt=0, hair=hair)
    )


def _profile(x: float, y: float, *, face: int, tilt: float, hair: str) -> str:
    """A head from the side, looking to the right (`face` 1) or the left (-1)."""
    flip = f"translate({x} {y}) scale({face} 1) rotate({tilt})"
    return (
        f'<g transform="{flip}"><path class="tid-fig-neck tid-fig-thin" d="M-2 8L-4 26"/>'
        '<path class="tid-fig-skin" d="M0-19C13-19 17-10 16-3l5 7-5 2c1 9-3 14-12 13L-8 14z"/>'
        f'<path class="{hair}" d="M-4 16C-18 16-20-4-16-12-10-26 14-24 16-8 8-9 4-6 3 1z"/>'
        '<circle class="tid-fig-skin" cx="0" cy="3" r="4"/>'
        '<circle class="tid-fig-ink" cx="11" cy="-1" r="1.9"/>'
        '<path class="tid-fig-line tid-fig-fine" d="M8-7h6M10 10.5h5"/></g>'
    )


POSES: dict[str, Callable[[], str]] = {
    "open": _front(
        arms=(
            Arm(_LEFT, Point(74, 128), Point(54, 144), "open"),
            Arm(_RIGHT, Point(166, 128), Point(186, 144), "open"),
        ),
        face=Face(brows="up"),
    ),
    "leaning-in": _front(
        head=Point(127, 66),
        tilt=9,
        chest=Point(122, 108),
        half=35,
        arms=(
            Arm(Point(92, 112), Point(72, 138), Point(98, 156)),
            Arm(Point(152, 112), Point(170, 138), Point(144, 156)),
        ),
        face=Face(brows="up"),
    ),
    "nodding": _front(
        head=Point(120, 57),
        face=Face(gaze=(0, 2), brows="up", mouth="smile"),
        behind='<path class="tid-fig-move" d="M158 44v26M153 65l5 6 5-6M153 49l5-6 5 6"/>',
    ),
    "arms-crossed": _crossed,
    "hands-on-hips": _hips,
    "pointing": _front(
        arms=(
            Arm(_LEFT, Point(78, 130), Point(99, 148)),
            Arm(_RIGHT, Point(176, 122), Point(196, 92), "point"),
        ),
        head=Point(124, 54),
        face=Face(brows="stern", mouth="talk"),
    ),
    "palm-up": _front(
        arms=(
            Arm(_LEFT, Point(78, 130), Point(99, 148)),
            Arm(_RIGHT, Point(170, 124), Point(204, 122), "open"),
        ),
        tilt=5,
        face=Face(brows="up", mouth="smile"),
    ),
    "hand-stop": _front(
        arms=(
            Arm(_LEFT, Point(78, 130), Point(99, 148)),
            Arm(_RIGHT, Point(172, 128), Point(182, 96), "flat"),
        ),
        tilt=-4,
        face=Face(mouth="flat"),
    ),
    "on-phone": _front(
        arms=(
            Arm(_LEFT, Point(78, 130), Point(99, 148)),
            Arm(_RIGHT, Point(168, 132), Point(142, 124)),
        ),
        head=Point(122, 58),
        tilt=8,
        face=Face(gaze=(3, 7), mouth="flat"),
        before=(
            '<rect class="tid-fig-gear-full" x="127" y="101" width="16" height="28" rx="3" '
            'transform="rotate(-12 135 115)"/>'
        ),
    ),
    "typing": _front(
        on_desk=_SCREEN + _KEYS,
        arms=_TYPING,
        head=Point(124, 56),
        tilt=6,
        face=Face(gaze=(6, 4), mouth="flat"),
    ),
    "taking-notes": _front(
        arms=(
            Arm(_LEFT, Point(76, 130), Point(86, 156)),
            Arm(_RIGHT, Point(162, 130), Point(131, 152)),
        ),
        face=Face(brows="up"),
        on_desk=_PAPER,
        before=_PEN,
    ),
    "turned-away": _turned,
    "checking-watch": _front(
        arms=(
            Arm(_LEFT, Point(78, 130), Point(99, 148)),
            Arm(_RIGHT, Point(166, 128), Point(128, 116)),
        ),
        face=Face(gaze=(2, 7), mouth="flat"),
        head=Point(122, 57),
        tilt=5,
        before=(
            '<path class="tid-fig-gear" d="M139 114l3 11"/>'
            '<circle class="tid-fig-paper" cx="141" cy="119" r="5"/>'
            '<path class="tid-fig-writing" d="M141 116v3h3"/>'
        ),
    ),
    "seated-level": lambda: _from_the_side(standing=False),
    "standing-over": lambda: _from_the_side(standing=True),
    "headset-upright": _front(headset=True, on_desk=_SCREEN, arms=_FOLDED, face=Face(brows="up")),
    "headset-smiling": _front(
        headset=True, on_desk=_SCREEN, arms=_FOLDED, face=Face(brows="up", mouth="smile")
    ),
    "headset-slumped": _front(
        headset=True,
        on_desk=_SCREEN,
        head=Point(104, 80),
        tilt=-16,
        chest=Point(118, 118),
        half=34,
        arms=(
            Arm(Point(90, 124), Point(78, 148), Point(84, 106)),
            Arm(Point(148, 124), Point(160, 144), Point(126, 152)),
        ),
        face=Face(gaze=(0, 4), mouth="flat"),
    ),
    "headset-typing": _front(
        headset=True,
        on_desk=_SCREEN + _KEYS,
        arms=_TYPING,
        head=Point(124, 56),
        tilt=6,
        face=Face(gaze=(6, 4), mouth="flat"),
    ),
    "headset-notes": _front(
        headset=True,
        on_desk=_SCREEN + _PAPER,
        arms=(
            Arm(_LEFT, Point(76, 130), Point(86, 156)),
            Arm(_RIGHT, Point(162, 130), Point(131, 152)),
        ),
        head=Point(120, 56),
        tilt=-3,
        face=Face(gaze=(1, 5), mouth="soft"),
        before=_PEN,
    ),
}
