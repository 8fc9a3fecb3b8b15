"""The documentation site: it builds without a warning, its links lead somewhere, and it can be searched."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from attrs import field, mutable

from lvscf.linter import registry
from tests.conftest import ROOT, tool

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

NEW_TO_LVSCF = "how-to/symptoms.html"
"""The index by symptom."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once; any warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "docs", folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
    return folder


# --- links -----------------------------------------------------------------------------------------


@mutable
class Page(HTMLParser):
    """What a page links to, loads and can be linked to."""

    links: list[str] = field(factory=list)
    loaded: list[str] = field(factory=list)
    anchors: set[str] = field(factory=set)

    def __attrs_pre_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep links and anchors."""
        found = {name: value for name, value in attrs if value}
        self.anchors.update(found[name] for name in ("id", "name") if name in found)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and found.get("rel") == "stylesheet":
            self.loaded.append(found["href"])
        if "src" in found:
            self.loaded.append(found["src"])


@cache
def page(path: Path) -> Page:
    """A page of the site."""
    read = Page()
    read.feed(path.read_text(encoding="utf-8"))
    return read


def pages(site: Path) -> list[Path]:
    """All pages, but those that Sphinx makes by itself."""
    made = {site / "search.html", site / "genindex.html", site / "py-modindex.html"}
    return [path for path in sorted(site.rglob("*.html")) if path not in made]


def broken(link: str, source: Path) -> bool:
    """Whether a link leads nowhere; of those to the web, only the form is checked."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme != "https" or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc)
    target = source.parent / unquote(parts.path) if parts.path else source
    if not target.is_file():
        return True
    return bool(parts.fragment) and unquote(parts.fragment) not in page(target.resolve()).anchors


def test_links_lead_somewhere(site: Path) -> None:
    """Every link names a page and an anchor that exist."""
    found = [(path, link) for path in pages(site) for link in page(path.resolve()).links]

    assert len(found) > 1000
    assert [(path.name, link) for path, link in found if broken(link, path.resolve())] == []


@pytest.mark.parametrize(
    "link", ["no-page.html", "index.html#no-heading", "http://a.example", "https://nothing"]
)
def test_broken_links_are_noticed(site: Path, link: str) -> None:
    """The check above can fail."""
    assert broken(link, site / "index.html")


def test_nothing_is_loaded_from_the_network(site: Path) -> None:
    """Scripts, styles and pictures are files of the site; so are those that pictures name."""
    for path in pages(site):
        assert [url for url in page(path.resolve()).loaded if urlsplit(url).netloc] == []
    for path in site.rglob("*.svg"):
        urls = re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        assert set(urls) <= {"http://www.w3.org/2000/svg"}


def clicks(site: Path) -> dict[Path, int]:
    """How many clicks it takes from the start page to each page."""
    start = (site / "index.html").resolve()
    found, new = {start: 0}, [start]
    while new:
        here = new.pop(0)
        for link in page(here).links:
            parts = urlsplit(link)
            there = (here.parent / unquote(parts.path)).resolve() if parts.path else here
            if not parts.netloc and there.suffix == ".html" and there not in found:
                found[there] = found[here] + 1
                new.append(there)
    return found


def test_a_cause_is_two_clicks_away(site: Path) -> None:
    """From the start page to the symptoms, and from there to the rule; and no page is out of reach."""
    away = clicks(site)

    assert away[(site / NEW_TO_LVSCF).resolve()] == 1
    assert {
        away[(site / "rules" / f"{rule.code}.html").resolve()] for rule in registry.rules()
    } == {2}
    assert {path.resolve() for path in pages(site)} <= away.keys()


def test_every_symptom_leads_to_rules() -> None:
    """Under each symptom, there is at least one rule or family that finds its cause."""
    text = (ROOT / "docs" / "how-to" / "symptoms.md").read_text(encoding="utf-8")
    symptoms = re.split(r"^### ", text.partition("\n[LVS")[0], flags=re.MULTILINE)[1:]

    assert len(symptoms) > 20
    assert "My VIP does not answer" in {one.partition("\n")[0] for one in symptoms}
    assert [one.partition("\n")[0] for one in symptoms if not re.search(r"\[LVS\d+", one)] == []
    assert {*re.findall(r"\[(LVS\d{3})\]", text)} <= {rule.code for rule in registry.rules()}


# --- in a browser ----------------------------------------------------------------------------------


def shown_by_browser(url: str, *options: str) -> str:
    """The page at an address as a browser has it once its scripts have run."""
    for name in BROWSERS[:-1]:
        try:
            browser = tool(name)
            break
        except pytest.skip.Exception:
            continue
    else:
        browser = tool(BROWSERS[-1])
    return subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000",
            *options, "--dump-dom", url,
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("REDIRECT", "rules/LVS501.html"),
        ("deadtime", "rules/LVS201.html"),
        ("VIP+does+not+answer", "how-to/symptoms.html"),
        ("lint_file", "api.html"),
    ],
)
def test_search_works_without_a_server(site: Path, words: str, found: str) -> None:
    """Opened as a file, the search has results, and they are links to pages."""
    shown = shown_by_browser(f"{(site / 'search.html').as_uri()}?q={words}")
    results = re.findall(r'<li class="[^"]*"><a href="([^"#?]*)', shown)

    assert found in results
    assert all((site / one).is_file() for one in results)


_MEASURE = """<!doctype html><body><script>
const pages = PAGES, width = WIDTH, wide = [];
let left = pages.length;
for (const page of pages) {
  const frame = document.createElement("iframe");
  frame.style.width = width + "px";
  frame.onload = () => {
    const root = frame.contentDocument.documentElement;
    if (root.clientWidth > width || root.scrollWidth > width) wide.push([page, root.scrollWidth]);
    if (--left == 0) document.body.innerHTML = "<pre>" + JSON.stringify(wide) + "</pre>";
  };
  frame.src = page;
  document.body.append(frame);
}
</script></body>"""


def hand_written(site: Path) -> Iterator[str]:
    """The addresses of pages, and of some pages of rules."""
    for path in pages(site):
        if path.parent.name != "rules" or path.stem in ("LVS001", "LVS409", "LVS501"):
            yield path.as_uri()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_screen(site: Path, tmp_path: Path, width: int) -> None:
    """On a phone, only tables and outputs scroll sideways, and each by itself."""
    measure = tmp_path / "measure.html"
    script = _MEASURE.replace("PAGES", json.dumps(list(hand_written(site))))
    measure.write_text(script.replace("WIDTH", str(width)), encoding="utf-8")
    shown = shown_by_browser(
        measure.as_uri(), "--allow-file-access-from-files", "--window-size=1400,900"
    )
    (wide,) = re.findall(r"<pre>(.*)</pre>", shown)

    assert json.loads(wide) == []
