package stories

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestSlackFortyReviewers: forty people answer one request by their buttons at
// once; each answer counts once, and every card is true in the end.
func TestSlackFortyReviewers(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{desk: func(h *house) *desk.Desk {
		return desk.New(h.Archive, h.client, readers{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	}, slack: func(o *slacktest.Options) {
		for i := range manyReaders {
			o.Users = append(o.Users, slacktest.User{ID: slackID(reader(i)), Name: reader(i), RealName: "Reader " + reader(i), Email: reader(i) + "@northgate.example"})
		}
	}})
	s.slack.Whatever("cases", "tom")
	s.house.people(func(all []playbook.Person) []playbook.Person {
		for i := range manyReaders {
			all = append(all, playbook.Person{ID: reader(i), Name: "Reader " + reader(i), Slack: slackID(reader(i)), Roles: []string{"reader"}, Hours: all[0].Hours})
		}
		return all
	})
	o := s.onboard()
	cards := make([]*slacktest.Card, manyReaders)
	for i := range cards {
		cards[i] = s.person(reader(i)).Expect(t, "Read", "0 of 40 agreed")
	}
	var all sync.WaitGroup
	failed := make([]error, manyReaders)
	for i := range cards {
		all.Go(func() {
			failed[i] = trying(t, func(t trier) {
				if out := cards[i].Button("Approve").Click(t); out.Saw != "" {
					t.Errorf("%s sees %s", reader(i), out.Saw)
				}
			})
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	v := o.until("the case is live", func(v dossier.CaseView) bool { return v.State == dossier.Live })
	if n := len(ballots(t, v.Requests[0])); n != manyReaders {
		t.Errorf("%d answers count", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*patience) // Slack takes 50 changes a minute
	defer cancel()
	if err := slacktest.Try(ctx, func(t trier) {
		for _, card := range cards {
			card.Says(t, "Approved", "You approved")
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.slack.Calls("") {
		if c.Answer == "ratelimited" {
			t.Errorf("%s was called too often", c.Method)
		}
	}
	for i := range cards { // some were told that theirs is received
		s.slack.Whatever(reader(i))
	}
}

// hostile is a vendor's name that tries everything, and turns the text around.
func hostile() string {
	return "<!channel> <https://evil.example|Approve> <@U0HELEN> *bold* _it_ `x` \U0001f600 &amp; \u202egnihton\u202c " + strings.Repeat("Ävil ", 600)
}

// TestSlackHostileName: a vendor's name is text wherever it stands, and the case
// goes its way.
func TestSlackHostileName(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("tom", "maya", "helen", "ravi", "daniel", "ruth", "jonas", "cases")
	name := hostile()
	name = string([]rune(name)[:3000])
	o := s.opens(name)
	helen, ravi := s.person("helen"), s.person("ravi")
	approves(t, helen, helen.Expect(t, "Is this vendor needed?", "Approve"), noConflict)
	approves(t, ravi, ravi.Expect(t, "Is this vendor needed?"), noConflict)
	helen.Home(t).Says(t, "Recently decided by you", "Is this vendor needed?")
	helen.Slash(t, "/vendor", "cases")
	helen.Private(t, "Under way")
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
	jonas := s.person("jonas")
	card := jonas.Expect(t, "Contract review")
	card.Menu("Delegate").Click(t)
	jonas.Modal(t, "Delegate").Close(t)
	approves(t, jonas, card, readInFull, noConflict)
	s.slack.Channel("cases").Expect(t, "Under way")
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	s.person("tom").Expect(t, "withdrawn")
	s.inert()
}

// opens opens a case with a vendor of that name, as long as an intake takes it.
func (s *office) opens(name string) *onboarding {
	s.t.Helper()
	v, err := config.ReadIntake("vendor.yaml", example(s.t, "vendor.yaml"))
	if err != nil {
		s.t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	i.From, i.Deputy, i.Rehearsal, i.Contract = as("tom"), "", true, s.file("tom", example(s.t, v.ContractFile))
	i.Vendor.Slug = "hostile"
	straight := strings.NewReplacer("\u202e", "", "\u202c", "").Replace(name)
	for _, try := range []struct{ name, refused string }{
		{name, "characters are more than"},
		{string([]rune(name)[:engagement.MaxName]), "turns the direction of the text"},
		{string([]rune(straight)[:engagement.MaxName]), ""},
	} {
		i.ID, i.Vendor.Name = "intake-"+freshID(), try.name
		id, err := s.Desk.Open(s.t.Context(), i)
		switch {
		case err == nil && try.refused == "":
			return &onboarding{h: s.house, id: id}
		case err == nil || try.refused == "" || !strings.Contains(err.Error(), try.refused):
			s.t.Fatalf("a name of %d letters: %v", len([]rune(try.name)), err)
		}
	}
	return nil
}

// inert wants nothing in Slack that a stranger's words could have made active:
// texts and mrkdwn are read for marks, plain text has none.
func (s *office) inert() {
	s.t.Helper()
	for _, m := range s.slack.Messages("") {
		for _, v := range append(m.Earlier, m.Version) {
			s.inertText(v.Text)
			s.inertBlocks(v.Blocks)
		}
	}
	for _, u := range s.slack.Users() {
		if v, there := s.slack.Home(u.ID); there {
			s.inertBlocks(v.Blocks)
		}
	}
}

func (s *office) inertBlocks(raw json.RawMessage) {
	s.t.Helper()
	var blocks any
	if err := json.Unmarshal(raw, &blocks); err != nil && len(raw) > 0 {
		s.t.Errorf("blocks can't be read: %v", err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, each := range v {
				walk(each)
			}
		case map[string]any:
			if text, is := v["text"].(string); is && v["type"] == "mrkdwn" {
				s.inertText(text)
			}
			for name, each := range v {
				if text, is := each.(string); is && strings.ContainsAny(text, "\u202e\u202c") {
					s.t.Errorf("%s turns the direction of the text", name)
				}
				if address, is := each.(string); is && name == "url" && !strings.HasPrefix(address, s.address+"/") {
					s.t.Errorf("a button leads to %s", address)
				}
				walk(each)
			}
		}
	}
	walk(blocks)
}

func (s *office) inertText(text string) {
	s.t.Helper()
	for _, mark := range regexp.MustCompile(`<[^>]*>`).FindAllString(text, -1) {
		if !strings.HasPrefix(mark, "<"+s.address+"/") && !strings.HasPrefix(mark, "<!date^") {
			s.t.Errorf("%q is active in %.400s", mark, text)
		}
	}
	if strings.ContainsAny(text, "\u202e\u202c") {
		s.t.Errorf("the direction of %.400s is turned", text)
	}
}

// TestSlackTwoDeployments: two share an app; what is clicked of the one and
// delivered to the other is refused in words, and decided nowhere else.
func TestSlackTwoDeployments(t *testing.T) {
	t.Parallel()
	one := newOffice(t, ways{http: true})
	one.slack.Whatever("cases", "ravi", "tom", "maya")
	other := newOffice(t, ways{http: true, server: one.slack, options: func(o *assembly.Options) { o.AccessKey = []byte(strings.Repeat("k", 40)) }})
	helen := one.person("helen")
	// Slack delivers to the second now.
	o := one.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	theirs := other.onboard(vendor("heron"))
	second := helen.Expect(t, "Is this vendor needed?", "Vendor heron")
	card.Button("Approve").Click(t)
	helen.Private(t, "This card belongs to another gangway")
	if n, m := len(o.newest("need").Ballots), len(theirs.newest("need").Ballots); n+m != 0 {
		t.Errorf("%d and %d answers count", n, m)
	}
	approves(t, helen, second, noConflict)
	theirs.counts("helen", "need", review.Approve, "slack")
	one.slack.Route(one.address+"/slack/interactive", one.address+"/slack/events", one.address+"/slack/command")
	approves(t, helen, card, noConflict)
	o.counts("helen", "need", review.Approve, "slack")
}
