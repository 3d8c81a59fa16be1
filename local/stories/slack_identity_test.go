package stories

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestSlackStrangers: guests, bots, people who are deactivated or of elsewhere,
// and colleagues who got a card forwarded: each is told privately, and nothing
// counts.
func TestSlackStrangers(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{slack: func(o *slacktest.Options) {
		o.Users = append(o.Users, slacktest.User{ID: "U0GUEST", Name: "guest", Restricted: true}, slacktest.User{ID: "U0SINGLE", Name: "single", UltraRestricted: true},
			slacktest.User{ID: "U0ROBOT", Name: "robot", Bot: true}, slacktest.User{ID: "U0GONE", Name: "gone", Deleted: true},
			slacktest.User{ID: "U0ALIEN", Name: "alien", Team: "T0OTHER", Stranger: true})
		o.Channels = append(o.Channels, slacktest.Channel{ID: "C0JOINT", Name: "joint", Members: []string{"U0TESTBOT", slackID("helen")}, ExtShared: true})
	}})
	s.slack.Whatever("cases", "ravi")
	helen, tom := s.person("helen"), s.person("tom")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	for _, stranger := range []string{"guest", "single"} {
		card.As(s.slack.Person(stranger)).Button("Approve").Click(t)
		s.slack.Person(stranger).Expect(t, "Only members of this workspace can answer")
	}
	for _, stranger := range []string{"robot", "gone", "alien"} { // whom Slack lets nobody write to
		card.As(s.slack.Person(stranger)).Button("Approve").Click(t)
		s.slack.Whatever(stranger)
	}
	card.As(tom).Button("Approve").Click(t)
	tom.Expect(t, "This card is not yours", "Helen Marsh")
	if _, err := s.slack.Slash(slackID("helen"), "C0JOINT", "/vendor", "waiting"); err != nil {
		t.Fatal(err)
	}
	helen.Private(t, "shared with another organisation")
	u, _ := s.slack.User(slackID("helen"))
	u.Name, u.RealName = "tom", "Tom Okafor" // what one calls oneself is nobody's business
	s.slack.SetUser(u)
	approves(t, s.slack.Person(slackID("helen")), card, noConflict)
	o.counts("helen", "need", review.Approve, "slack")
	if n := len(o.newest("need").Ballots); n != 1 {
		t.Errorf("%d answers count", n)
	}
}

// TestSlackPairing: somebody whom nothing links says who they are on the page,
// after signing in, once.
func TestSlackPairing(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{options: func(o *assembly.Options) { o.Slack.BindByMail = nil },
		people: func(p *playbook.Person) {
			if p.ID != "helen" {
				p.Slack = slackID(p.ID)
			}
		}})
	s.slack.Whatever("cases", "ravi")
	helen := s.person("helen")
	o := s.onboard()
	s.person("ravi").Expect(t, "Is this vendor needed?")
	helen.Slash(t, "/vendor", "waiting")
	card := helen.Private(t, "gangway does not know yet who you are", "Say who you are")
	link := regexp.MustCompile(regexp.QuoteMeta(s.address) + `/pair/[^|>"\\]+`).FindString(card.Message().Text + string(card.Message().Blocks))
	if link == "" {
		t.Fatalf("no link stands in %q", card.Text())
	}
	b := s.browser("helen")
	if page := b.get(link); !strings.Contains(page, "Is this Slack account yours?") || !strings.Contains(page, slackID("helen")) {
		t.Fatalf("the page does not say whose account it is:\n%s", page)
	}
	if page := b.confirm(link); !strings.Contains(page, "Your Slack account is linked") {
		t.Fatalf("the account is not linked:\n%s", page)
	}
	if page := s.browser("tom").get(link); strings.Contains(page, "Is this Slack account yours?") {
		t.Error("the link is good for another")
	}
	helen.Slash(t, "/vendor", "waiting")
	helen.Private(t, "Is this vendor needed?")
	helen.Home(t)
	need := helen.Expect(t, "Is this vendor needed?")
	approves(t, helen, need, noConflict)
	o.counts("helen", "need", review.Approve, "slack")
}

// TestSlackMissingFallsToMail: whom Slack does not know hears by mail, and the
// owner can see that in the case.
func TestSlackMissingFallsToMail(t *testing.T) {
	t.Parallel()
	post, err := mailtest.Start(mailtest.Options{})
	if err != nil {
		t.Fatalf("starting the mail server: %v", err)
	}
	t.Cleanup(func() { _ = post.Close() })
	s := newOffice(t, ways{without: []string{"ravi"}, options: func(o *assembly.Options) {
		o.Mail = config.Mail{From: "gangway@gangway.example", SMTP: config.SMTP{Host: post.Host(), Port: post.Port(), TLS: "none"}}
	}})
	s.slack.Whatever("cases", "tom")
	helen := s.person("helen")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := post.Wait(ctx, func(m mailtest.Mail) bool { return contains(m.To, "ravi@northgate.example") }); err != nil {
		t.Fatalf("ravi hears nothing by mail: %v", err)
	}
	if !within(patience, func() bool {
		for _, l := range o.lines() {
			if d := l.Entry.Detail; l.Entry.Kind == dossier.Noted && d.Person == "ravi" {
				return true
			}
		}
		return false
	}) {
		t.Error("the case does not say that ravi was not reached")
	}
	approves(t, helen, card, noConflict)
	o.answer("ravi", "need", review.Approve)
	card.Says(t, "Approved", "on the web page")
	s.slack.Whatever("daniel", "ruth")
}

// browser is somebody's, signed in by picking themselves.
type browser struct {
	s    *office
	http *http.Client
}

func (s *office) browser(person string) browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatalf("making a cookie jar: %v", err)
	}
	b := browser{s, &http.Client{Jar: jar, Timeout: patience}}
	b.post(s.address+"/signin", url.Values{"person": {person}, "next": {"/"}})
	return b
}

func (b browser) get(address string) string { return b.do(http.MethodGet, address, nil) }

func (b browser) post(address string, v url.Values) string { return b.do(http.MethodPost, address, v) }

func (b browser) do(method, address string, v url.Values) string {
	b.s.t.Helper()
	req, err := http.NewRequestWithContext(b.s.t.Context(), method, address, strings.NewReader(v.Encode()))
	if err != nil {
		b.s.t.Fatalf("making a request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.http.Do(req)
	if err != nil {
		b.s.t.Fatalf("loading a page: %v", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.s.t.Fatalf("reading a page: %v", err)
	}
	return string(text)
}

// confirm sends the form of a page that has one.
func (b browser) confirm(address string) string {
	b.s.t.Helper()
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(b.get(address), -1) {
		v.Set(m[1], m[2])
	}
	return b.post(address, v)
}
