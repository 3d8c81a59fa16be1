package stories

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/worker"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/desk"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// office is a house whose people are asked in a Slack of their own. Nobody may
// see anything there that the story does not speak of.
type office struct {
	*house
	slack   *slacktest.Server
	address string
	working worker.Worker // nil: nobody works on processes
}

// statements are what people confirm when they agree, by the example's playbook.
const (
	noConflict  = "I have no interest of my own in this vendor."
	answersSeen = "I have seen the vendor's answers and asked about every gap."
	readInFull  = "I have read this version in full."
)

// casesChannel is where the boards of cases stand.
const casesChannel = "C0CASES"

// ways are how an office is set up; the zero value is the usual one: Socket Mode,
// and people who are found by their mail address.
type ways struct {
	http    bool                     // Slack delivers over HTTP
	options func(*assembly.Options)  // changes the house
	slack   func(*slacktest.Options) // changes the workspace
	server  *slacktest.Server        // one that is there already
	without []string                 // of the example's people, who are not in Slack
	people  func(*playbook.Person)   // changes the people file
	desk    func(*house) *desk.Desk  // replaces the story's own, not Slack's
}

// slackID is a person's id in the workspace.
func slackID(person string) string { return "U0" + strings.ToUpper(person) }

// newOffice opens an office with the example's people.
func newOffice(t *testing.T, w ways) *office {
	t.Helper()
	s := &office{slack: w.server}
	if s.slack == nil {
		s.slack = newWorkspace(t, w)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listening for the inbox: %v", err)
	}
	s.address = "http://" + l.Addr().String()
	s.house = houseOn(t, ground{idle: true, desk: w.desk, options: func(o *assembly.Options) {
		at := s.slack.Options()
		o.Address = s.address
		o.Slack = config.Slack{App: at.App, Teams: []string{at.Team}, BotToken: config.Opened(at.BotToken), CasesChannel: casesChannel,
			BindByMail: []string{"northgate.example"}, API: s.slack.URL() + "/api/"}
		if w.http {
			o.Slack.SigningSecret = config.Opened(at.Secret)
		} else {
			o.Slack.AppToken = config.Opened(at.AppToken)
		}
		if w.options != nil {
			w.options(o)
		}
	}})
	inbox := &http.Server{Handler: s.Web, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() { defer close(served); _ = inbox.Serve(l) }() //nolint:errcheck // it ends with Close
	t.Cleanup(func() { _ = inbox.Close(); <-served })
	if w.http {
		s.slack.Route(s.address+"/slack/interactive", s.address+"/slack/events", s.address+"/slack/command")
	} else if !within(patience, func() bool { return s.slack.Connections() >= 2 }) {
		t.Fatalf("%d sockets are open", s.slack.Connections())
	}
	if w.people != nil {
		s.house.people(func(all []playbook.Person) []playbook.Person {
			for i := range all {
				w.people(&all[i])
			}
			return all
		})
	}
	s.starts()
	t.Cleanup(s.stops)
	return s
}

// newWorkspace is a Slack with the example's people and a channel of cases.
func newWorkspace(t *testing.T, w ways) *slacktest.Server {
	t.Helper()
	list, err := config.ReadPeople("people.yaml", example(t, "people.yaml"))
	if err != nil {
		t.Fatalf("reading the example's people: %v", err)
	}
	o := slacktest.Options{Channels: []slacktest.Channel{{ID: casesChannel, Name: "cases", Kind: slacktest.Private, Members: []string{"U0TESTBOT"}}}}
	for _, p := range list.List {
		if !contains(w.without, p.ID) {
			o.Users = append(o.Users, slacktest.User{ID: slackID(p.ID), Name: p.ID, RealName: p.Name, Email: p.Mail})
		}
	}
	if w.slack != nil {
		w.slack(&o)
	}
	return slacktest.Start(t, o)
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

// starts lets somebody work on the processes, stops lets them go.
func (s *office) starts() {
	s.t.Helper()
	s.working = s.NewWorker(time.Second)
	if err := s.working.Start(); err != nil {
		s.t.Fatalf("starting the worker: %v", err)
	}
}

func (s *office) stops() {
	if s.working != nil {
		s.working.Stop()
		s.working = nil
	}
}

// person is somebody at their Slack.
func (s *office) person(id string) slacktest.Person { return s.slack.Person(slackID(id)) }

// crew are people whom a story is about.
func (s *office) crew(ids ...string) []slacktest.Person {
	var all []slacktest.Person
	for _, id := range ids {
		all = append(all, s.person(id))
	}
	return all
}

// approves agrees on a card: by its form where there is something to confirm,
// else by the button alone.
func approves(t *testing.T, who slacktest.Person, card *slacktest.Card, confirm ...string) {
	t.Helper()
	card.Button("Approve").Click(t)
	if len(confirm) > 0 {
		form := who.Modal(t, "Your answer")
		for _, words := range confirm {
			form.Check(words)
		}
		form.Submit(t)
		form.Gone(t)
	}
	card.OffersNot(t, "Approve")
}

// counts waits until the record has somebody's answer, and says that it came by
// a channel.
func (o *onboarding) counts(person, step string, verdict review.Verdict, channel string) {
	o.h.t.Helper()
	if !within(patience, func() bool {
		for _, b := range o.newest(step).Ballots {
			if b.Person == person && b.Verdict == verdict && b.Channel == channel && !b.TakenBack {
				return true
			}
		}
		return false
	}) {
		o.h.t.Fatalf("%s never answers %s to %s by %s\n%s", person, verdict, step, channel, describe(o.view()))
	}
}
