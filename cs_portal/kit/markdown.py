"""A little Markdown for what people write to each other: emphasis, lists, code and links to elsewhere; no HTML."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "a"}
SCHEMES = ("https://", "http://", "mailto:")
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "heading", "lheading", "hr"])


def _whole_links(_tag: str, name: str, value: str) -> str | None:
    """A link without a scheme would mean another host, or a page of ours."""
    return value if name != "href" or value.lower().startswith(SCHEMES) else None


def marked_up(text: str) -> SafeString:
    html = nh3.clean(
        _parser.render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
        attribute_filter=_whole_links, link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    return mark_safe(html)
