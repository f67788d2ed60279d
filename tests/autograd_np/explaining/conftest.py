"""One headless browser for all tests of pages."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import W, X, loss

SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A browser that Selenium drives."""
    pytest.importorskip("selenium", reason="needs selenium: pip install selenium")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("needs chromium and chromedriver: apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for switch in SWITCHES:
        options.add_argument(switch)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def show(chromium, tmp_path):
    """Open an explanation; at the end of the test, nothing was logged and nothing was loaded."""

    def show(explanation, width=1280, height=800, **media):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"prefers_color_scheme": "light", "prefers_reduced_motion": "reduce", **media}
        features = [{"name": k.replace("_", "-"), "value": v} for k, v in media.items()]
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        chromium.get(explanation.save(tmp_path / "page.html").as_uri())
        return Page(chromium)

    yield show
    assert chromium.get_log("browser") == []
    loaded = "return performance.getEntriesByType('resource').map(each => each.name)"
    assert chromium.execute_script(loaded) == []


class Page:
    """A page as its reader meets it."""

    def __init__(self, chrome):
        self.chrome = chrome

    def find(self, selector):
        return self.chrome.find_element("css selector", selector)

    def all(self, selector):
        return self.chrome.find_elements("css selector", selector)

    def run(self, script, *args):
        return self.chrome.execute_script(script, *args)

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.chrome).send_keys(*keys).perform()

    @property
    def step(self):
        return int(self.find("body").get_attribute("data-step"))

    @property
    def last(self):
        return int(self.find("#slider").get_attribute("max"))

    @property
    def title(self):
        return self.find("#title").text

    @property
    def lines(self):
        return [line for each in self.all("#detail pre") for line in each.text.splitlines()]

    def state(self, id):
        return self.find(f"#{id}").get_attribute("data-state")

    def colour(self, selector, name):
        return self.find(selector).value_of_css_property(name)


@pytest.fixture(scope="session")
def keys():
    pytest.importorskip("selenium", reason="needs selenium: pip install selenium")
    from selenium.webdriver.common.keys import Keys

    return SimpleNamespace(**{name: getattr(Keys, name) for name in dir(Keys) if name.isupper()})


@pytest.fixture(scope="session")
def explanation():
    """A page on a small network."""
    return explain(loss, W, np.zeros(2), X, argnums=(0, 1))
