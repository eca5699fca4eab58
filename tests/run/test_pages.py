"""The pages of a report fit together, whatever part of it was made."""

from ccmlib.run import pages


def test_no_page_links_to_a_section_that_was_not_made(tmp_path):
    links = '<a href="06_transparency.html#f-1">6</a> <a class="x" href="09_trends.html">9</a> <a href="index.html">i</a>'
    for name in ("06_transparency.html", "index.html"):
        (tmp_path / name).write_text(links, encoding="utf-8")
    pages.drop_dead_links(tmp_path)
    for page in tmp_path.iterdir():
        assert page.read_text(encoding="utf-8") == links.replace(' href="09_trends.html"', "")
    (tmp_path / "09_trends.html").write_text("", encoding="utf-8")
    (tmp_path / "index.html").write_text(links, encoding="utf-8")
    pages.drop_dead_links(tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == links
