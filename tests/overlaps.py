"""Labels of a chart that collide or are cut off."""

from matplotlib.text import Text


def _texts(fig):
    found = []
    for text in fig.findobj(Text):
        if text.get_visible() and text.get_text().strip() and _shown(text, fig):
            found.append(text)
    return found


def _shown(text: Text, fig) -> bool:
    """Leave out tick labels that matplotlib keeps but does not draw."""
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            labels = [tick.label1 for tick in axis.get_major_ticks()] + \
                [tick.label2 for tick in axis.get_major_ticks()]
            if text not in labels:
                continue
            if not ax.axison or not axis.get_visible():
                return False
            view = sorted(axis.get_view_interval())
            place = text.get_position()[0 if axis is ax.xaxis else 1]
            slack = (view[1] - view[0]) * 1e-6
            return view[0] - slack <= place <= view[1] + slack
    return True


def overlaps(fig, tolerance: float = 1.0):
    """List pairs of colliding texts; a text that is cut off is paired with the edge of the figure."""
    fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in _texts(fig)]
    width, height = fig.bbox.width, fig.bbox.height
    found = []
    for k, (text, box) in enumerate(boxes):
        if box.x0 < -tolerance or box.y0 < -tolerance or box.x1 > width + tolerance \
                or box.y1 > height + tolerance:
            found.append((text, "edge of the figure"))
        for other_text, other in boxes[k + 1:]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            if across > tolerance and up > tolerance:
                found.append((text, other_text))
    return found
