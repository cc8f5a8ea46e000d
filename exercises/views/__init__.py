"""Draws the exercises: HTML for what is read, ipywidgets for what is written."""
