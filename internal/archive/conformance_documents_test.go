package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

func put(t *testing.T, a *archive.Archive, text string) dossier.Paper {
	t.Helper()
	return must[dossier.Paper](t)(a.Put(context.Background(), strings.NewReader(text), 1<<20))
}

func get(t *testing.T, a *archive.Archive, digest string) string {
	t.Helper()
	_, r, err := a.Get(context.Background(), digest)
	ok(t, err)
	defer r.Close()
	return string(must[[]byte](t)(io.ReadAll(r)))
}

func documentTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"content comes back under its digest": func(t *testing.T, a *archive.Archive) {
			p := put(t, a, "# Services agreement\n")
			same(t, "size", int64(21), p.Size)
			same(t, "again", p, put(t, a, "# Services agreement\n"))
			same(t, "content", "# Services agreement\n", get(t, a, p.Digest))
			got, r, err := a.Get(ctx, p.Digest)
			ok(t, err)
			ok(t, r.Close())
			same(t, "got", p, got)
			same(t, "a digest that others publish", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", put(t, a, "abc").Digest)
		},
		"what it is is sniffed": func(t *testing.T, a *archive.Archive) {
			same(t, "pdf", "application/pdf", put(t, a, "%PDF-1.7\n%âãÏÓ\n").Media)
			same(t, "zip", "application/zip", put(t, a, "PK\x05\x06"+strings.Repeat("\x00", 18)).Media)
			same(t, "html", "text/html; charset=utf-8", put(t, a, "<!doctype html><script>alert(1)</script>").Media)
		},
		"too large, empty and broken leave nothing": unfit,
		"a large one passes as a stream": func(t *testing.T, a *archive.Archive) {
			const size = 9 << 20
			r := io.LimitReader(zeros{}, size)
			p := must[dossier.Paper](t)(a.Put(ctx, r, 0))
			same(t, "size", int64(size), p.Size)
			_, body, err := a.Get(ctx, p.Digest)
			ok(t, err)
			n := must[int64](t)(io.Copy(io.Discard, body))
			ok(t, body.Close())
			same(t, "read", int64(size), n)
		},
		"what isn't there is said": func(t *testing.T, a *archive.Archive) {
			for _, d := range []string{"", "sha256:", "sha256:" + strings.Repeat("0", 64), "../../etc/passwd", "sha256:../../../x"} {
				_, _, err := a.Get(ctx, d)
				isNotFound(t, err)
			}
		},
		"a case has what its entries brought in": caseDocuments,
	}
}

type zeros struct{}

// Read fills b.
func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func unfit(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	large := archive.TooLargeError{}
	if _, err := a.Put(ctx, strings.NewReader("12345678901"), 10); !errors.As(err, &large) || large.Limit != 10 || large.Hint() == "" {
		t.Error(err)
	}
	must[dossier.Paper](t)(a.Put(ctx, strings.NewReader("1234567890"), 10))
	empty := archive.EmptyError{}
	if _, err := a.Put(ctx, strings.NewReader(""), 10); !errors.As(err, &empty) || empty.Hint() == "" {
		t.Error(err)
	}
	broken := errors.New("connection lost")
	if _, err := a.Put(ctx, io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)), 10); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func caseDocuments(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	var papers []dossier.Paper
	for _, text := range []string{"filed", "history", "delivered", "version", "nobody's"} {
		papers = append(papers, put(t, a, text))
	}
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Document: papers[0].Digest}})
	p.say(dossier.Entry{Kind: dossier.HistoryFiled, Run: "run-1", Detail: &dossier.Detail{Document: papers[1].Digest}})
	id := p.asks("legal", "lena")
	p.fact(review.Fact{Kind: review.FactCounted, Request: id, Answer: "web-1", Ballot: &review.Ballot{Answer: "web-1", Documents: []string{papers[2].Digest}}})
	p.fact(review.Fact{Kind: review.FactVersion, Request: id, Version: &review.Version{Number: 2, Document: papers[3].Digest}})
	p.file(t, a)
	for i, paper := range papers {
		same(t, paper.Digest, i < 4, must[bool](t)(a.HasCaseDocument(ctx, acme, paper.Digest)))
		same(t, "another case", false, must[bool](t)(a.HasCaseDocument(ctx, "onboarding/bolt/1", paper.Digest)))
	}
	same(t, "shown first", true, must[bool](t)(a.HasCaseDocument(ctx, acme, "sha256:"+strings.Repeat("1", 64))))
}

// crowdTests are about many at once.
func crowdTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"fifty cases at once":       crowdOfCases,
		"fifty writers to one case": crowdInOneCase,
		"fifty of everything else":  crowdOfAnswers,
		"calls that are given up":   givingUp,
		"the same document at once": func(t *testing.T, a *archive.Archive) {
			content := bytes.Repeat([]byte("x"), 1<<16)
			crowd(t, 20, func(int) error {
				p, err := a.Put(context.Background(), bytes.NewReader(content), 0)
				if err == nil && p.Size != 1<<16 {
					err = errors.New("wrong size")
				}
				return err
			})
		},
	}
}
