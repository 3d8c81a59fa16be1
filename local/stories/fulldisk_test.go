package stories

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// smallDisk is a folder on a disk of 2 MiB: one of this test's own where root may
// mount it, else the one that CI made.
func smallDisk(t *testing.T) string {
	t.Helper()
	if os.Getuid() == 0 {
		dir := t.TempDir()
		out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "gangway-test", dir).CombinedOutput()
		if err == nil {
			t.Cleanup(func() {
				if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
					t.Errorf("giving the small disk back: %v\n%s", err, out)
				}
			})
			return dir
		}
		t.Logf("mounting a small disk: %v %s", err, out)
	}
	disk := os.Getenv("GANGWAY_TMPFS")
	if disk == "" {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal("GANGWAY_TMPFS names no small disk, and none can be mounted here")
		}
		t.Skip("GANGWAY_TMPFS names no small disk, and none can be mounted here")
	}
	dir, err := os.MkdirTemp(disk, "stories-")
	if err != nil {
		t.Fatalf("making a folder on the small disk: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// fill takes all the space that is left on a disk, to the last page, and returns
// what gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatalf("making the ballast: %v", err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || info.Size() > 8<<20 {
		t.Fatalf("the ballast is no small disk's: %v, %v", info, err)
	}
	t.Logf("%d bytes were left", info.Size())
	return func() {
		if err := os.Remove(ballast); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("removing the ballast: %v", err)
		}
	}
}

// TestFullDisk: the disk of record and documents is full. Whatever needs it is
// refused with what to do, nothing is half done, what the engine holds durably
// is not lost, and once there is room the same answer counts, once.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	h := houseOn(t, ground{dir: filepath.Join(disk, "house")})
	o := h.onboard()
	r := o.asked("helen", "need")
	o.rest()
	reading := o.view().Lines
	free := fill(t, disk)
	t.Cleanup(free)
	changes := review.Answer{ID: "web-full-1", Request: r.ID, Verdict: review.Changes, From: as("helen"), Channel: "web", At: time.Now(),
		Text: review.Text{Inside: strings.Repeat("the costs are not all named. ", 400)}}
	for range 3 { // a reason that can't be kept is not acknowledged
		out, err := h.Desk.Answer(t.Context(), changes)
		wantFull(t, fmt.Sprintf("an answer with a reason (%+v)", out), err)
	}
	_, err := h.Desk.Act(t.Context(), review.Act{ID: "web-full-2", Kind: review.Withdraw, Process: o.id, From: as("maya"), Channel: "web", At: time.Now(),
		Text: review.Text{Inside: strings.Repeat("it was never needed. ", 400)}})
	wantFull(t, "withdrawing", err)
	_, err = h.Desk.File(t.Context(), as("maya"), bytes.NewReader(bytes.Repeat([]byte("A long contract. "), 10_000)))
	wantFull(t, "filing a document", err)
	_, err = h.Desk.Open(t.Context(), anotherIntake(t))
	wantFull(t, "opening a case", err)
	h.pageSaysFull(r.ID)

	if v := o.view(); v.Lines != reading || len(v.Request(r.ID).Ballots) != 0 {
		t.Errorf("something was recorded on a full disk: %s", describe(v))
	}
	if cases, err := h.Archive.Cases(t.Context()); err != nil || len(cases) != 1 {
		t.Errorf("%d cases, %v", len(cases), err)
	}
	if left, err := filepath.Glob(filepath.Join(h.dir, "documents", "incoming-*")); err != nil || len(left) > 0 {
		t.Errorf("half a document is left: %v, %v", left, err)
	}

	free()
	if out, err := h.Desk.Answer(t.Context(), changes); err != nil || !out.OK() {
		t.Errorf("the same answer with room again: %+v, %v", out, err)
	}
	o.until("the answer is in the record", func(v dossier.CaseView) bool { return len(v.Request(r.ID).Ballots) == 1 })
	if out, err := h.Desk.Answer(t.Context(), changes); err != nil || out.Refusal != "" {
		t.Errorf("the same answer once more: %+v, %v", out, err)
	}
	if got := counted(o.lines()); !slices.Equal(got, []string{"web-full-1"}) {
		t.Errorf("the answers in the record are %q", got)
	}
	if err := dossier.CheckChain(o.lines()); err != nil {
		t.Errorf("the chain: %v", err)
	}
}

// TestFullDiskHoldsUpTheRecordAlone: an answer without a reason needs no room to
// be durable: the engine has it. The record catches up when there is room.
func TestFullDiskHoldsUpTheRecordAlone(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	h := houseOn(t, ground{dir: filepath.Join(disk, "house")})
	o := h.onboard()
	r := o.asked("helen", "need")
	o.rest()
	free := fill(t, disk)
	t.Cleanup(free)
	a := review.Answer{ID: "web-full-3", Request: r.ID, Verdict: review.Approve, Attest: []string{"no-conflict"}, From: as("helen"), Channel: "web", At: time.Now()}
	out, err := h.Desk.Answer(t.Context(), a)
	if err != nil || out.Status != review.Counted {
		t.Fatalf("an answer that the engine holds: %+v, %v", out, err)
	}
	again, err := h.Desk.Answer(t.Context(), a)
	if err != nil || !again.OK() || again.By != "helen" {
		t.Errorf("the same answer again: %+v, %v", again, err)
	}
	free()
	o.until("the answer is in the record", func(v dossier.CaseView) bool { return len(v.Request(r.ID).Ballots) == 1 })
	o.answer("ravi", "need", review.Approve)
	o.asked("daniel", "security-look")
	if n := len(counted(o.lines())); n != 2 {
		t.Errorf("%d answers are in the record, want two", n)
	}
}

// wantFull wants an error that says that there is no room, and what to do.
func wantFull(t *testing.T, what string, err error) {
	t.Helper()
	var full dossier.FullError
	var hinted interface{ Hint() string }
	if !errors.As(err, &full) || !errors.As(err, &hinted) || hinted.Hint() == "" || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("%s on a full disk: %v, want that the disk is full, with a hint", what, err)
	}
}

// anotherIntake is the example's for another vendor, with much to keep.
func anotherIntake(t *testing.T) playbook.Intake {
	t.Helper()
	v, err := config.ReadIntake("vendor.yaml", example(t, "vendor.yaml"))
	if err != nil {
		t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	vendor("kestrel")(&i)
	i.ID, i.From, i.Data = "intake-full", as("tom"), unprotected(i.Data)
	i.Summary = strings.Repeat("much is to be said. ", 150)
	return i
}

// pageSaysFull posts an answer to /api and wants a status and words that a
// person can act on.
func (h *house) pageSaysFull(request string) {
	h.t.Helper()
	srv := httptest.NewServer(h.Web)
	defer srv.Close()
	body := fmt.Sprintf(`{"id":"web-full-4","request":%q,"verdict":"changes","inside":%q}`, request, strings.Repeat("too dear. ", 1000))
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL+"/api/answer", strings.NewReader(body))
	if err != nil {
		h.t.Fatalf("making a request: %v", err)
	}
	req.Header.Set("Gangway-As", "helen")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatalf("sending an answer: %v", err)
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(resp.Body); err != nil {
		h.t.Fatalf("reading the reply: %v", err)
	}
	if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text.String(), "no space left") || !strings.Contains(text.String(), `"hint"`) {
		h.t.Errorf("an answer on a full disk gets %d: %s", resp.StatusCode, text.String())
	}
}
