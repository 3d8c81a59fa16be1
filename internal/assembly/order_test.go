package assembly

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// teller is a channel that reaches some people, or is in trouble.
type teller struct {
	name    string
	reaches []string
	err     error
	told    *[]string
}

func (c teller) Channel() string { return c.name }

func (c teller) Show(_ context.Context, n review.Notice) (bool, error) {
	if c.err != nil {
		return false, c.err
	}
	shown := slices.Contains(c.reaches, n.Person)
	if shown {
		*c.told = append(*c.told, n.Person+" by "+c.name)
	}
	return shown, nil
}

func (c teller) Follow(_ context.Context, x review.Copy) error {
	*c.told = append(*c.told, x.Request+" in "+c.name)
	return c.err
}

type lastWordError struct{}

func (lastWordError) Error() string   { return "never" }
func (lastWordError) Permanent() bool { return true }

type listed []playbook.Person

func (l listed) Person(_ context.Context, id string) (playbook.Person, int, error) {
	i := slices.IndexFunc(l, func(p playbook.Person) bool { return p.ID == id })
	if i < 0 {
		return playbook.Person{}, 0, dossier.NotFoundError{What: "person", ID: id}
	}
	return l[i], 1, nil
}

func TestEverybodyIsToldOnceByTheChannelTheyPrefer(t *testing.T) {
	t.Parallel()
	var told []string
	all := []string{"ann", "ben", "cas"}
	o := order{roster: listed{{ID: "ann"}, {ID: "ben", Channels: []string{"mail"}}, {ID: "cas"}, {ID: "dan"}}, channels: []activities.Messenger{
		teller{name: "slack", reaches: []string{"ann", "ben"}, told: &told}, teller{name: "mail", reaches: all, told: &told}}}
	for _, person := range []string{"ann", "ben", "cas", "dan", "nobody"} {
		shown, err := o.Show(t.Context(), review.Notice{Person: person})
		if err != nil || shown != slices.Contains(all, person) {
			t.Errorf("%s: shown %v, %v", person, shown, err)
		}
	}
	if d := cmp.Diff([]string{"ann by slack", "ben by mail", "cas by mail"}, told); d != "" {
		t.Error(d)
	}
}

// Of an emergency everybody is told by every channel, whatever they prefer; one that is
// down holds up none of the others, and the notice comes again for its sake.
func TestAnEmergencyGoesOutByEveryChannel(t *testing.T) {
	t.Parallel()
	var told []string
	o := func(err error) order {
		told = nil
		return order{roster: listed{{ID: "ann", Channels: []string{"slack"}}}, channels: []activities.Messenger{teller{name: "slack", reaches: []string{"ann"}, err: err, told: &told},
			teller{name: "mail", reaches: []string{"ann"}, told: &told}}}
	}
	for _, x := range []struct {
		err    error
		told   []string
		fails  bool
		person string
		shown  bool
	}{
		{nil, []string{"ann by slack", "ann by mail"}, false, "ann", true},
		{errors.New("down"), []string{"ann by mail"}, true, "ann", true},
		{lastWordError{}, []string{"ann by mail"}, false, "ann", true},
		{nil, nil, false, "nobody", false},
	} {
		shown, err := o(x.err).Show(t.Context(), review.Notice{Person: x.person, Everywhere: true})
		if shown != x.shown || (err != nil) != x.fails || err != nil && !strings.Contains(err.Error(), "slack") {
			t.Errorf("%v: shown %v, %v", x.err, shown, err)
		}
		if d := cmp.Diff(x.told, told); d != "" {
			t.Errorf("%v: %s", x.err, d)
		}
	}
}

// A channel that is down holds the notice back, so that nobody is told twice once
// it is up again; one that refuses for good is passed over.
func TestAChannelInTroubleIsNotPassedOver(t *testing.T) {
	t.Parallel()
	var told []string
	broken := func(err error) order {
		return order{roster: listed{{ID: "ann"}}, channels: []activities.Messenger{teller{name: "slack", err: err, told: &told}, teller{name: "mail", reaches: []string{"ann"}, told: &told}}}
	}
	if shown, err := broken(errors.New("down")).Show(t.Context(), review.Notice{Person: "ann"}); err == nil || shown || len(told) > 0 || !strings.Contains(err.Error(), "slack") {
		t.Errorf("shown %v, %v, told %v", shown, err, told)
	}
	if shown, err := broken(lastWordError{}).Show(t.Context(), review.Notice{Person: "ann"}); err != nil || !shown {
		t.Errorf("shown %v, %v", shown, err)
	}
	told = nil
	if err := broken(errors.New("down")).Follow(t.Context(), review.Copy{Request: "r"}); err == nil {
		t.Error("the trouble was swallowed")
	}
	if d := cmp.Diff([]string{"r in slack", "r in mail"}, told); d != "" {
		t.Error(d)
	}
	if err := broken(lastWordError{}).Follow(t.Context(), review.Copy{Request: "r"}); err != nil {
		t.Errorf("what is final was reported as passing: %v", err)
	}
}
