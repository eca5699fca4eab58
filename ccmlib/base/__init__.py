"""The ground: folders of the project, problems with exports, State names, the field dictionary, safe text."""
