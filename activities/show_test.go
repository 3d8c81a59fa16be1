package activities

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

func notices(people ...string) ShowIn {
	var in ShowIn
	for _, p := range people {
		in.Notices = append(in.Notices, review.Notice{ID: "n-" + p, Person: p})
	}
	in.Copies = []review.Copy{{Request: "r1"}, {Request: "r2"}}
	return in
}

// One channel that reaches somebody is enough; who is reached by none is named.
func TestShowNamesWhomNoChannelReaches(t *testing.T) {
	web := &channel{name: "web", reaches: map[string]bool{"lee": true, "fay": true}}
	mail := &channel{name: "mail", reaches: map[string]bool{"lee": true, "bo": true}}
	a := &Activities{Messengers: []Messenger{web, mail}}
	out, err := a.Show(t.Context(), notices("lee", "fay", "bo", "stan"))
	if err != nil || !slices.Equal(out.Undelivered, []string{"n-stan"}) {
		t.Errorf("undelivered %v, %v", out.Undelivered, err)
	}
	if !slices.Equal(web.shown, []string{"n-lee", "n-fay"}) || !slices.Equal(mail.shown, []string{"n-lee", "n-bo"}) {
		t.Errorf("web %v, mail %v", web.shown, mail.shown)
	}
	for _, c := range []*channel{web, mail} {
		if !slices.Equal(c.copies, []string{"r1", "r2"}) {
			t.Errorf("%s followed %v", c.name, c.copies)
		}
	}
}

// A channel in trouble holds up nobody whom another one, or the same one, can
// tell; then all of it is tried again, with the pause that was asked for.
func TestAChannelInTroubleHoldsUpNobodyElse(t *testing.T) {
	slack := &channel{name: "slack", reaches: map[string]bool{"fay": true}, faults: map[string]error{"lee": laterError{after: 9 * time.Second}, "r1": errors.New("away")}}
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	a := &Activities{Messengers: []Messenger{slack, web}}
	_, err := a.Show(t.Context(), notices("lee", "fay"))
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || app.NonRetryable() || app.NextRetryDelay() != 9*time.Second {
		t.Fatalf("got %v, want another try in 9s", err)
	}
	if !slices.Equal(web.shown, []string{"n-lee"}) || !slices.Equal(slack.shown, []string{"n-fay"}) || !slices.Equal(slack.copies, []string{"r2"}) || len(web.copies) != 2 {
		t.Errorf("slack %v %v, web %v %v", slack.shown, slack.copies, web.shown, web.copies)
	}
	slack.faults = nil
	out, err := a.Show(t.Context(), notices("lee", "fay")) // lee is in reach of web
	if err != nil || len(out.Undelivered) != 0 {
		t.Errorf("the second try came to %v, %v", out, err)
	}
}

// A channel that refuses somebody for good, or no longer has what it should
// bring up to date, is not tried for ever.
func TestAChannelThatRefusesForGood(t *testing.T) {
	mail := &channel{name: "mail", reaches: map[string]bool{"lee": true, "fay": true}, faults: map[string]error{
		"lee": finalError{final: true}, "bo": dossier.NotFoundError{What: "person", ID: "bo"}, "r1": finalError{final: true}}}
	out, err := (&Activities{Messengers: []Messenger{mail}}).Show(t.Context(), notices("lee", "bo", "fay"))
	if err != nil || !slices.Equal(out.Undelivered, []string{"n-lee", "n-bo"}) {
		t.Errorf("undelivered %v, %v", out.Undelivered, err)
	}
	if !slices.Equal(mail.shown, []string{"n-fay"}) || !slices.Equal(mail.copies, []string{"r2"}) {
		t.Errorf("shown %v, followed %v", mail.shown, mail.copies)
	}
}

// Showing the same again gives the same ids to the channels, which is what they
// tell twice-sent notices by.
func TestShowAgainIsTheSame(t *testing.T) {
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	a := &Activities{Messengers: []Messenger{web}}
	for range 2 {
		if _, err := a.Show(t.Context(), notices("lee")); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(web.shown, []string{"n-lee", "n-lee"}) {
		t.Errorf("shown %v", web.shown)
	}
}

func TestShowWithoutChannels(t *testing.T) {
	out, err := (&Activities{}).Show(t.Context(), notices("lee"))
	if err != nil || !slices.Equal(out.Undelivered, []string{"n-lee"}) {
		t.Errorf("got %v, %v", out, err)
	}
}
