package stories

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The planted phrases: one for the client's own people, one for the vendor.
const (
	planted       = "Quillfeather owes his brother-in-law money"
	plantedVendor = "ask Mr Quillfeather about it yourselves"
)

// holding lists the files under a folder that hold a text.
func holding(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(content, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatalf("looking through %s: %v", dir, err)
	}
	return found
}

// TestErasureEndToEnd: what somebody wrote in a reason goes through a whole case
// and is then erased by rule: the record, the documents, the engine's file and a
// fresh dossier hold nothing of it, and all of them still verify. The engine
// never held it.
func TestErasureEndToEnd(t *testing.T) {
	t.Parallel()
	engineDir := t.TempDir()
	h := houseOn(t, ground{engine: filepath.Join(engineDir, "engine.db")})
	o := h.onboard()
	o.needed()
	o.answer("jonas", "review", review.Changes, func(a *review.Answer) { a.Text = review.Text{Inside: planted, Vendor: plantedVendor} })
	o.all("review", "daniel", "ruth", "ravi")
	o.answer("maya", playbook.ChoreSend, playbook.Sent, func(a *review.Answer) { a.Text = review.Text{Vendor: "please pay sooner; " + plantedVendor} })
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	v := o.sealed(dossier.Ended)
	if before := o.verified(v); !bytes.Contains(before, []byte(planted)) || len(holding(t, h.dir, planted)) < 2 {
		t.Fatal("the phrase is not where it should be before it is erased: this test sees too little")
	}
	var ids []string
	for _, l := range o.lines() {
		if l.Body != nil && strings.Contains(l.Body.Inside+l.Body.Vendor, "Quillfeather") {
			ids = append(ids, l.Entry.ID)
		}
	}
	if len(ids) != 2 {
		t.Fatalf("the phrase stands in %d lines, want two", len(ids))
	}
	if err := h.Archive.Erase(t.Context(), o.id, ids, "right to erasure, article 17", "ruth"); err != nil {
		t.Fatalf("erasing: %v", err)
	}
	if err := dossier.CheckChain(o.lines()); err != nil {
		t.Errorf("the chain after an erasure: %v", err)
	}
	if n := len(o.kinds(dossier.Erased)); n == 0 {
		t.Error("the chain does not say that something was erased")
	}
	var fresh bytes.Buffer
	if err := h.Desk.Dossier(t.Context(), as("maya"), o.id, &fresh); err != nil {
		t.Fatalf("taking a fresh dossier: %v", err)
	}
	verdict, err := archive.Verify(bytes.NewReader(fresh.Bytes()), int64(fresh.Len()), []string{h.Desk.Fingerprint(t.Context())})
	if err != nil || !verdict.Intact || !verdict.Known || verdict.Erased < 2 {
		t.Errorf("the fresh dossier: %+v, %v", verdict, err)
	}
	t.Logf("fresh dossier: %d lines, %d erased, %d histories", verdict.Lines, verdict.Erased, verdict.Histories)
	for _, text := range []string{planted, plantedVendor, "Quillfeather"} {
		if bytes.Contains(fresh.Bytes(), []byte(text)) {
			t.Errorf("the fresh dossier holds %q", text)
		}
		if found := append(holding(t, h.dir, text), holding(t, engineDir, text)...); len(found) > 0 {
			t.Errorf("%q stands in %v", text, found)
		}
	}
	h.engine.Stop() // all that the engine kept is in its file now
	if found := holding(t, engineDir, "Quillfeather"); len(found) > 0 {
		t.Errorf("the engine's files hold it: %v", found)
	}
	if len(holding(t, engineDir, "onboarding/brightwell-payroll/1")) == 0 {
		t.Error("the engine's file does not hold the case: this test looks in the wrong place")
	}
}
