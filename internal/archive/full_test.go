package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// isFull wants dossier.FullError with a hint.
func isFull(t *testing.T, err error) {
	t.Helper()
	var full dossier.FullError
	if !errors.As(err, &full) || full.Doing == "" || full.Hint() == "" {
		t.Errorf("want FullError, got %v", err)
	}
}

// fillJournal appends cases until the disk is full and checks that the last one
// left nothing, and that everything before it stands.
func fillJournal(t *testing.T, a *archive.Archive) {
	t.Helper()
	ctx := context.Background()
	for i := range 10_000 {
		id := fmt.Sprintf("onboarding/v%d/1", i)
		p := newCase(id).opened()
		request := p.asks("legal", "lena", "sam")
		for range 20 {
			p.say(dossier.Entry{Kind: dossier.Noted, Detail: &dossier.Detail{Name: strings.Repeat("n", 200)}})
		}
		err := a.Append(ctx, p.rest)
		if err == nil {
			continue
		}
		isFull(t, err)
		same(t, "lines of the last", 0, len(chain(t, a, id)))
		_, err = a.Case(ctx, id)
		isNotFound(t, err)
		_, err = a.Request(ctx, request)
		isNotFound(t, err)
		views := must[[]dossier.CaseView](t)(a.Cases(ctx))
		same(t, "cases", i, len(views))
		same(t, "waiting", i, len(must[[]review.Request](t)(a.Waiting(ctx, "lena"))))
		for _, v := range views {
			same(t, "lines", 24, len(chain(t, a, v.ID)))
		}
		return
	}
	t.Fatal("the disk never was full")
}

func TestFullDatabase(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openAt(t, archive.Options{Dir: dir, MaxPages: 150})
	fillJournal(t, a)
	big := strings.Repeat("x", 200_000)
	_, err := a.KeepText(ctx, "web-1", review.Text{Inside: big})
	isFull(t, err)
	isFull(t, a.Enqueue(ctx, review.Queued{ID: "web-1", Process: "p", Payload: []byte(big)}))
	_, _, err = a.OpenCase(ctx, "intake", "onboarding/zeta", []byte(big), dossier.Name{}, nil, nil)
	isFull(t, err)
	_, found, err := a.Text(ctx, "web-1")
	ok(t, err)
	same(t, "text", false, found)
	same(t, "queued", false, must[bool](t)(a.HasQueued(ctx, "p")))
	ok(t, a.Close())
	a = openAt(t, archive.Options{Dir: dir}) // room again
	must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: big}))
	id, fresh, err := a.OpenCase(ctx, "intake", "onboarding/zeta", []byte(big), dossier.Name{}, nil, nil)
	ok(t, err)
	same(t, "no number was lost", []any{"onboarding/zeta/1", true}, []any{id, fresh})
	p := newCase("onboarding/zeta/1").opened()
	p.file(t, a)
	same(t, "lines", 2, len(chain(t, a, p.id)))
}

// smallDisk is a folder of 2 MiB; a page limit stands in for it elsewhere.
func smallDisk(t *testing.T) string {
	t.Helper()
	disk := os.Getenv("GANGWAY_TMPFS")
	if disk == "" {
		if os.Getenv("GANGWAY_REQUIRE") != "" && os.Getuid() == 0 {
			t.Fatal("GANGWAY_TMPFS names no small disk")
		}
		t.Skip("GANGWAY_TMPFS names no small disk")
	}
	dir := filepath.Join(disk, "archive")
	ok(t, os.RemoveAll(dir))
	t.Cleanup(func() { ok(t, os.RemoveAll(dir)) })
	return dir
}

// TestFullDisk fills one small disk, so its parts take turns.
func TestFullDisk(t *testing.T) {
	t.Run("documents", func(t *testing.T) {
		ctx, dir := context.Background(), smallDisk(t)
		a := openAt(t, archive.Options{Dir: dir})
		kept := put(t, a, "a contract")
		listed := func() int {
			n := 0
			ok(t, filepath.WalkDir(filepath.Join(dir, "documents"), func(_ string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					n++
				}
				return err
			}))
			return n
		}
		for _, size := range []int{3 << 20, 5 << 18} { // full while received, full while stored
			_, err := a.Put(ctx, bytes.NewReader(bytes.Repeat([]byte{'a'}, size)), 0)
			if isFull(t, err); listed() != 1 {
				t.Errorf("%d bytes: %d files are left", size, listed())
			}
		}
		same(t, "kept", "a contract", get(t, a, kept.Digest))
		put(t, a, "another fits")
	})
	t.Run("journal", func(t *testing.T) {
		dir := smallDisk(t)
		ballast := dir + ".ballast"
		t.Cleanup(func() { _ = os.Remove(ballast) })
		a := openAt(t, archive.Options{Dir: dir})
		ok(t, os.WriteFile(ballast, make([]byte, 400<<10), 0o600))
		fillJournal(t, a)
		ok(t, os.Remove(ballast))
		p := newCase("onboarding/zeta/1").opened()
		p.file(t, a)
		same(t, "goes on", 2, len(chain(t, a, p.id)))
	})
	t.Run("erasing", eraseOnFullDisk)
	t.Run("opening", func(t *testing.T) {
		dir := smallDisk(t)
		ballast := dir + ".ballast"
		t.Cleanup(func() { _ = os.Remove(ballast) })
		_ = os.WriteFile(ballast, make([]byte, 3<<20), 0o600) // as much as there is
		_, err := archive.Open(context.Background(), archive.Options{Dir: dir})
		isFull(t, err)
		ok(t, os.Remove(ballast))
		openAt(t, archive.Options{Dir: dir})
	})
}

// leaveRoom fills a disk with ballast until so many bytes are left.
func leaveRoom(t *testing.T, ballast string, bytes int64) {
	t.Helper()
	_ = os.WriteFile(ballast, make([]byte, 3<<20), 0o600) // as much as there is
	there, err := os.Stat(ballast)
	ok(t, err)
	ok(t, os.Truncate(ballast, there.Size()-bytes))
}

// eraseOnFullDisk: the erasure stands, the chain says so, and the files are
// written anew once there is room.
func eraseOnFullDisk(t *testing.T) {
	ctx, dir := context.Background(), smallDisk(t)
	ballast := dir + ".ballast"
	t.Cleanup(func() { _ = os.Remove(ballast) })
	a := openAt(t, archive.Options{Dir: dir})
	const text = "Eve-is-ill-and-it-is-nobodys-business"
	p := newCase(acme).opened()
	ok(t, a.AppendBody(ctx, p.rest[0], dossier.Body{Inside: text}))
	for i := range 2 { // the log, which repeats them and the schema, has to fit beside the database
		must[review.Written](t)(a.KeepText(ctx, fmt.Sprint("noise-", i), review.Text{Inside: strings.Repeat("n", 100_000)}))
	}
	ok(t, a.Close()) // the log is in the database now
	a = openAt(t, archive.Options{Dir: dir})
	leaveRoom(t, ballast, 160<<10) // for a few pages, not for all anew
	err := a.Erase(ctx, acme, []string{acme + "#1"}, rule, "olga")
	isFull(t, err)
	same(t, "body", (*dossier.Body)(nil), chain(t, a, acme)[0].Body)
	same(t, "lines", 2, len(chain(t, a, acme)))
	ok(t, a.Close())
	a = openAt(t, archive.Options{Dir: dir})
	same(t, "opens all the same", 2, len(chain(t, a, acme)))
	ok(t, a.Close())
	ok(t, os.Remove(ballast))
	openAt(t, archive.Options{Dir: dir})
	same(t, "files", []string(nil), holding(t, dir, text))
}
