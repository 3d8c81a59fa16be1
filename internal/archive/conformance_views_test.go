package archive_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

func viewTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"what is not there is said": func(t *testing.T, a *archive.Archive) {
			_, err := a.Case(ctx, acme)
			isNotFound(t, err)
			_, err = a.Request(ctx, acme+"/legal")
			isNotFound(t, err)
			same(t, "cases", 0, len(must[[]dossier.CaseView](t)(a.Cases(ctx))))
			same(t, "waiting", 0, len(must[[]review.Request](t)(a.Waiting(ctx, "lena"))))
		},
		"cases come newest first, each with its requests": func(t *testing.T, a *archive.Archive) {
			for i := range 4 {
				p := newCase(fmt.Sprintf("onboarding/v%d/1", i)).opened()
				for s := range i {
					p.asks(fmt.Sprint("step", s), "lena")
				}
				p.file(t, a)
			}
			p := newCase("onboarding/v1/1") // an older case goes on: the order stays
			p.n = 2 + 2
			p.asks("late", "sam")
			p.file(t, a)
			var got []string
			for _, v := range must[[]dossier.CaseView](t)(a.Cases(ctx)) {
				got = append(got, fmt.Sprint(v.ID, " ", len(v.Requests)))
				same(t, "alone", must[dossier.CaseView](t)(a.Case(ctx, v.ID)), v)
			}
			same(t, "cases", []string{"onboarding/v3/1 3", "onboarding/v2/1 2", "onboarding/v1/1 2", "onboarding/v0/1 0"}, got)
		},
		"a view is the fold of its chain however it was appended": viewIsFold,
	}
}

// viewIsFold writes stories in pieces of any size, repeated and with conflicts,
// and holds the stored views against a fold of the chain.
func viewIsFold(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		p := newCase(fmt.Sprintf("onboarding/acme/%d", n)).opened()
		var ids []string
		for i := range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "what") {
			case 0, 1:
				ids = append(ids, p.asks(fmt.Sprint("s", i), "lena", "sam"))
			case 2, 3:
				if len(ids) > 0 {
					id := rapid.SampledFrom(ids).Draw(r, "request")
					p.answers(fmt.Sprint("web-", n, "-", i), id, rapid.SampledFrom([]string{"lena", "sam"}).Draw(r, "person"), review.Approve, 1, review.Written{})
				}
			case 4:
				p.say(dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Version: i, Document: fmt.Sprint("sha256:", i)}})
			case 5:
				if len(ids) > 0 {
					id := rapid.SampledFrom(ids).Draw(r, "closed")
					p.fact(review.Fact{Kind: review.FactClosed, Request: id, State: review.Met, Why: "decided"})
				}
			}
		}
		for at := 0; at < len(p.rest); {
			to := min(len(p.rest), at+rapid.IntRange(1, 5).Draw(r, "piece"))
			from := max(0, at-rapid.IntRange(0, 3).Draw(r, "again"))
			if err := a.Append(ctx, p.rest[from:to]); err != nil {
				r.Fatal(err)
			}
			if rapid.Bool().Draw(r, "conflict") {
				other := p.rest[from]
				other.Run = "reset"
				if err := a.Append(ctx, []dossier.Entry{other}); err != nil {
					r.Fatal(err)
				}
			}
			at = to
		}
		lines, err := a.Lines(ctx, p.of)
		if err != nil || dossier.CheckChain(lines) != nil {
			r.Fatal(err, dossier.CheckChain(lines))
		}
		stored, err := a.Case(ctx, p.of)
		if err != nil {
			r.Fatal(err)
		}
		want, _ := json.Marshal(dossier.Fold(lines))
		got, _ := json.Marshal(stored)
		if string(want) != string(got) {
			r.Fatalf("stored view\n%s\nfold\n%s", got, want)
		}
		for i := range stored.Requests {
			one, err := a.Request(ctx, stored.Requests[i].ID)
			alone, _ := json.Marshal(one)
			within, _ := json.Marshal(stored.Requests[i])
			if err != nil || string(alone) != string(within) {
				r.Fatalf("request alone %s, in its case %s: %v", alone, within, err)
			}
		}
	})
}
