package web

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// driven is a real browser that a test leads through pages, by Chromium's own
// protocol over two pipes.
type driven struct {
	t       *testing.T
	to      io.Writer
	from    *bufio.Reader
	session string
	last    int
	loads   int // pages that finished loading and were not waited for
	said    []string
}

// drive starts the browser. Without scripts the pages' own don't run, as where a
// person switched them off.
func drive(t *testing.T, scripts bool) *driven {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900", "--user-data-dir="+profile(t), "--remote-debugging-pipe")
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{theirs, ours} // 3 and 4, as the flag has it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirs.Close(), ours.Close() // the browser's own
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
		_, _ = to.Close(), from.Close()
	})
	d := &driven{t: t, to: to, from: bufio.NewReader(from)}
	var target struct{ TargetID, SessionID string }
	d.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	d.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	d.session = target.SessionID
	for _, domain := range []string{"Page.enable", "Log.enable", "DOM.enable"} {
		d.call(domain, nil, nil)
	}
	d.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": !scripts}, nil)
	return d
}

// call does one command and keeps what happened meanwhile.
func (d *driven) call(method string, params, result any) {
	d.t.Helper()
	d.last++
	text, err := json.Marshal(map[string]any{"id": d.last, "method": method, "params": params, "sessionId": d.session})
	if d.session == "" {
		text, err = json.Marshal(map[string]any{"id": d.last, "method": method, "params": params})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.to.Write(append(text, 0)); err != nil {
		d.t.Fatalf("telling the browser %s: %v", method, err)
	}
	for {
		id, answer := d.hear()
		if id != d.last {
			continue
		}
		if result != nil && json.Unmarshal(answer, result) != nil {
			d.t.Fatalf("%s gave %s", method, answer)
		}
		return
	}
}

// hear reads one message.
func (d *driven) hear() (int, json.RawMessage) {
	d.t.Helper()
	line, err := d.from.ReadBytes(0)
	if err != nil {
		d.t.Fatalf("the browser is gone: %v", err)
	}
	var m struct {
		ID     int
		Method string
		Result json.RawMessage
		Error  *struct{ Message string }
		Params struct {
			Entry struct{ Level, Text string }
		}
	}
	if err := json.Unmarshal(line[:len(line)-1], &m); err != nil {
		d.t.Fatalf("the browser says %s: %v", line, err)
	}
	switch {
	case m.Error != nil:
		d.t.Fatalf("the browser refuses: %s", m.Error.Message)
	case m.Method == "Page.loadEventFired":
		d.loads++
	case m.Method == "Log.entryAdded" && !strings.Contains(m.Params.Entry.Text, "status of 4"): // a page of ours that says no
		d.said = append(d.said, m.Params.Entry.Text)
	}
	return m.ID, m.Result
}

// loaded waits for a page.
func (d *driven) loaded() {
	d.t.Helper()
	for d.loads == 0 {
		d.hear()
	}
	d.loads = 0
}

func (d *driven) open(address string) {
	d.t.Helper()
	d.loads = 0
	d.call("Page.navigate", map[string]any{"url": address}, nil)
	d.loaded()
}

// js gives what an expression comes to, as text.
func (d *driven) js(format string, args ...any) string {
	d.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails any
	}
	d.call("Runtime.evaluate", map[string]any{"expression": "String(" + fmt.Sprintf(format, args...) + ")", "returnByValue": true}, &out)
	if out.ExceptionDetails != nil {
		d.t.Fatalf(format+" fails: %v\n%s", append(args, out.ExceptionDetails, d.text())...)
	}
	return fmt.Sprint(out.Result.Value)
}

func (d *driven) text() string {
	var out struct{ Result struct{ Value any } }
	d.call("Runtime.evaluate", map[string]any{"expression": "document.body.innerText"}, &out)
	return fmt.Sprint(out.Result.Value)
}

// press clicks the button or link that says the words, and waits for the page.
func (d *driven) press(words string) {
	d.t.Helper()
	d.loads = 0
	d.js(`[...document.querySelectorAll("button, a")].find(e => e.innerText.trim().startsWith(%q) && e.offsetParent !== null).click()`, words)
	d.loaded()
}

// sees wants texts on the page.
func (d *driven) sees(texts ...string) {
	d.t.Helper()
	page := d.text()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			d.t.Errorf("the browser does not show %q but\n%s", want, page)
		}
	}
}

// pick puts files into the page's field for them.
func (d *driven) pick(files ...string) {
	d.t.Helper()
	var doc struct{ Root struct{ NodeID int } }
	d.call("DOM.getDocument", nil, &doc)
	var node struct{ NodeID int }
	d.call("DOM.querySelector", map[string]any{"nodeId": doc.Root.NodeID, "selector": "input[type=file]"}, &node)
	d.call("DOM.setFileInputFiles", map[string]any{"nodeId": node.NodeID, "files": files}, nil)
}

// tab presses the tabulator key and says what has the focus then.
func (d *driven) tab() string {
	d.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		d.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}, nil)
	}
	return d.js(`document.activeElement.innerText || document.activeElement.name || document.activeElement.tagName`)
}

// screen gives the page a window of that width, and no moving from one page to the next,
// in which it would be measured on its way. It waits until one frame was drawn in
// it: before that the page may still be measured in the window of before.
func (d *driven) screen(width int, dark bool) {
	d.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[dark]
	d.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
	d.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	d.draws()
}

// draws waits until one frame was drawn.
func (d *driven) draws() {
	d.t.Helper()
	d.call("Page.captureScreenshot", map[string]any{"clip": map[string]int{"x": 0, "y": 0, "width": 8, "height": 8, "scale": 1}}, nil)
}

// focused is what has the focus, as an expression of that element e says. What a page asks for
// by itself (autofocus) gets it with one of the first frames, so no later than those.
func (d *driven) focused(expression string) string {
	d.t.Helper()
	for range 100 {
		if d.js(`document.activeElement !== null && document.activeElement !== document.body`) == "true" {
			break
		}
		d.draws()
	}
	return d.js(`(e => e && e.%s)(document.activeElement)`, expression)
}

// shot leaves a picture of the page where GANGWAY_REPORTS names a folder.
func (d *driven) shot(name string) {
	d.t.Helper()
	dir := os.Getenv("GANGWAY_REPORTS")
	if dir == "" {
		return
	}
	var out struct{ Data string }
	d.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": d.js("document.body.scrollHeight < 9000") == "true"}, &out)
	png, err := base64.StdEncoding.DecodeString(out.Data)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// enter presses the enter key on what has the focus.
func (d *driven) enter() {
	d.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		d.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}, nil)
	}
}

// space presses the space bar on what has the focus, and types writes into it.
func (d *driven) space() {
	d.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		d.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "}, nil)
	}
}

func (d *driven) types(text string) {
	d.t.Helper()
	d.call("Input.insertText", map[string]any{"text": text}, nil)
}

// tabTo presses the tabulator until something that says or is called the words has the
// focus; each stop on the way must be seen to have it.
func (d *driven) tabTo(words string) {
	d.t.Helper()
	for range 200 {
		got := d.tab()
		if seen := d.js(`(() => { const e = document.activeElement; return [e, e.closest(".pick")].some(x => x && getComputedStyle(x).outlineStyle !== "none" && parseFloat(getComputedStyle(x).outlineWidth) >= 2); })()`); seen != "true" {
			d.t.Errorf("nothing shows that %q has the focus", got)
		}
		if strings.HasPrefix(strings.TrimSpace(got), words) {
			return
		}
	}
	d.t.Fatalf("the tabulator never leads to %q", words)
}
