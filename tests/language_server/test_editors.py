"""The server, as real editors use it with the settings of docs/editors.md."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, TOOL_PATH, tool

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")

TEXT = (
    '# \N{GRINNING FACE}\nrsh_command = "ssh \N{GRINNING FACE}" more\nkeepalive=6\nnetwork = nat\n'
)


def blocks(language: str, section: str) -> list[str]:
    """The settings in a section of the page."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run an editor that is done after a while; `lvscf` is the one of this environment."""
    home = folder / "home"
    home.mkdir()
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": TOOL_PATH, "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# --- Neovim --------------------------------------------------------------------------------------

NEOVIM = """
local function found()
  return vim.tbl_map(function(one)
    return { code = one.code, line = one.lnum, column = one.col, source = one.source }
  end, vim.diagnostic.get(0))
end

local function await(wanted)
  assert(vim.wait(60000, wanted, 50), "nothing came of it")
end

local function has(code)
  return #vim.tbl_filter(function(one) return one.code == code end, vim.diagnostic.get(0)) > 0
end

local function ask(method, params)
  params.textDocument = { uri = vim.uri_from_bufnr(0) }
  for _, answer in pairs(assert(vim.lsp.buf_request_sync(0, method, params, 60000))) do
    assert(not answer.error, vim.inspect(answer.error))
    return answer.result
  end
end

local shown = {}
await(function() return has("LVS004") and has("LVS002") end)
shown.found = found()
shown.hover = ask("textDocument/hover", { position = { line = 3, character = 2 } }).contents.value
shown.symbols = #ask("textDocument/documentSymbol", {})

vim.api.nvim_buf_set_text(0, 1, 23, 1, 28, {})  -- " more", as bytes
await(function() return not has("LVS004") end)
vim.cmd("write")
await(function() return not has("LVS002") end)
shown.lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)

local file = io.open("shown.json", "w")
file:write(vim.json and vim.json.encode(shown) or vim.fn.json_encode(shown))
file:close()
vim.cmd("quit!")
"""


def test_neovim(tmp_path: Path) -> None:
    """Findings, a change, a hover, and fixes when the file is written."""
    neovim = tool("nvim")
    version = subprocess.run([neovim, "--version"], capture_output=True, text=True, check=True)
    number = re.match(r"NVIM v(\d+)\.(\d+)", version.stdout)
    assert number is not None
    if tuple(map(int, number.groups())) < (0, 7):
        pytest.skip("this Neovim is older than 0.7")
    newer, older, on_write = blocks("lua", "Neovim")
    settings = newer if tuple(map(int, number.groups())) >= (0, 11) else older
    (tmp_path / "init.lua").write_text(settings + on_write)
    (tmp_path / "try.lua").write_text(NEOVIM)
    (tmp_path / "lvs.cf").write_text(TEXT, encoding="utf-8")
    options = ["--headless", "-n", "-i", "NONE", "-u", "init.lua", "lvs.cf"]
    result = run(
        tmp_path, neovim, *options, "-c", "lua local ok, why = pcall(dofile, 'try.lua') "
        "if not ok then print(why) vim.cmd('cquit') end",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    shown: dict[str, Any] = json.loads((tmp_path / "shown.json").read_text())

    bytes_before = len(TEXT.splitlines()[1].partition("more")[0].encode())
    (wrong,) = [one for one in shown["found"] if one["code"] == "LVS004"]
    assert (wrong["line"], wrong["column"]) == (1, bytes_before)
    assert wrong["source"] == "lvscf"
    assert "Forwarding method for all real servers" in shown["hover"]
    assert shown["symbols"] == 3
    assert shown["lines"][2] == "keepalive = 6"
    assert (tmp_path / "lvs.cf").read_text(encoding="utf-8").splitlines() == shown["lines"]


# --- Emacs ---------------------------------------------------------------------------------------

EMACS = r"""
(require 'eglot)
(require 'json)
(setq eglot-confirm-server-initiated-edits nil
      eglot-autoshutdown nil
      flymake-no-changes-timeout nil)
(defun await (what wanted)
  (let ((end (+ (float-time) 60)))
    (while (not (funcall wanted))
      (when (> (float-time) end) (error "nothing came of %s" what))
      (accept-process-output nil 0.05))))
(defun codes ()
  (flymake-start)
  (mapcar (lambda (one) (flymake-diagnostic-text one)) (flymake-diagnostics)))
(defun has (part)
  (seq-some (lambda (text) (string-match-p part text)) (codes)))

(find-file "lvs.cf")
(unless (eglot-managed-p) (apply #'eglot--connect (eglot--guess-contact)))
(await "connecting" (lambda () (eglot-current-server)))
(unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))
(await "managing" #'eglot-managed-p)
(flymake-mode 1)
(await "findings" (lambda () (and (has "LVS004") (has "LVS002"))))
(let* ((one (seq-find (lambda (one) (string-match-p "LVS004" (flymake-diagnostic-text one)))
                      (flymake-diagnostics)))
       (place (buffer-substring (flymake-diagnostic-beg one) (flymake-diagnostic-end one))))
  (goto-char (flymake-diagnostic-beg one))
  (delete-region (1- (flymake-diagnostic-beg one)) (flymake-diagnostic-end one))
  (eglot--signal-textDocument/didChange)
  (await "the change" (lambda () (not (has "LVS004"))))
  (let* ((params (list :textDocument (eglot--TextDocumentIdentifier)
                       :range '(:start (:line 2 :character 0) :end (:line 2 :character 0))
                       :context '(:diagnostics [])))
         (actions (jsonrpc-request (eglot-current-server) :textDocument/codeAction params)))
    (eglot--apply-workspace-edit (plist-get (aref actions 0) :edit)))
  (eglot--signal-textDocument/didChange)
  (await "the fix" (lambda () (not (has "LVS002"))))
  (eglot-format-buffer)
  (let ((coding-system-for-write 'utf-8))
    (write-region (json-encode (list :place place :text (buffer-string) :mode major-mode))
                  nil "shown.json")))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
"""


def test_emacs(tmp_path: Path) -> None:
    """Findings, a change, a fix and formatting, with eglot."""
    emacs = tool("emacs")
    has_eglot = run(
        tmp_path, emacs, "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"
    )
    if has_eglot.returncode:
        pytest.skip("this Emacs has no eglot")
    (tmp_path / "home").rmdir()
    (settings,) = blocks("elisp", "Emacs")
    (tmp_path / "init.el").write_text(settings)
    (tmp_path / "try.el").write_text(EMACS)
    (tmp_path / "lvs.cf").write_text(TEXT, encoding="utf-8")
    result = run(
        tmp_path, emacs, "--batch", "--eval", "(package-initialize)",
        "--load", str(tmp_path / "init.el"), "--load", str(tmp_path / "try.el"),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    shown: dict[str, Any] = json.loads((tmp_path / "shown.json").read_text(encoding="utf-8"))

    assert shown["mode"] == "lvs-cf-mode"
    assert shown["place"] == "more"
    assert shown["text"].splitlines()[2:] == ["keepalive = 6", "network = nat"]


# --- the others, which are not run ---------------------------------------------------------------


def test_other_settings_can_be_read() -> None:
    (helix,) = blocks("toml", "Helix")
    (code,) = blocks("json", "Visual Studio Code")
    read = tomllib.loads(helix)
    (language,) = read["language"]
    server = read["language-server"][language["language-servers"][0]]

    assert [server["command"], *server["args"]] == ["lvscf", "lsp"]
    settings = json.loads(code)
    assert settings["glspc.server.commandArguments"] == ["lsp"]
