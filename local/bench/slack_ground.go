package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// clickers is how many people click at once; as many seats has the largest request.
const clickers = 50

// clicker is one of them.
func clicker(i int) string { return fmt.Sprintf("p%02d", i) }

// userOf is somebody in Slack.
func userOf(person string) string { return "U0" + strings.ToUpper(person) }

// seatsName is the playbook of one sign-off by these people, each in a seat of
// their own.
func seatsName(from, to int) string { return fmt.Sprintf("seats-%d-%d", from, to) }

func seatsPlaybook(name string) ([]byte, error) {
	var from, to int
	_, err := fmt.Sscanf(name, "seats-%d-%d", &from, &to)
	if err != nil {
		return nil, fmt.Errorf("there is no playbook %.40q: %w", name, err)
	}
	var roles []string
	var seats strings.Builder
	for i := from; i < to; i++ {
		roles = append(roles, clicker(i))
		fmt.Fprintf(&seats, "          - {id: seat-%s, role: %s}\n", clicker(i), clicker(i))
	}
	text := strings.Replace(gatePlaybook, "legal, security, finance, counsel", strings.Join(roles, ", "), 1)
	head, rest, _ := strings.Cut(text, "          - {id: legal, role: %[2]s}\n%[3]s")
	return []byte(strings.ReplaceAll(head, "%[1]s", name) + seats.String() + rest), nil
}

// seatsLibrary has the playbooks of any number of seats.
type seatsLibrary struct{}

func (seatsLibrary) Playbook(name string) (playbook.Playbook, []byte, error) {
	text, err := seatsPlaybook(name)
	if err != nil {
		return playbook.Playbook{}, nil, err
	}
	pb, err := config.ReadPlaybook(name, text)
	return pb, text, err
}

func (seatsLibrary) Playbooks() []string { return nil }

func (seatsLibrary) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("seats.yaml", text)
}

func (seatsLibrary) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}

// chat is gangway with a Slack.
type chat struct {
	home
	slack *slacktest.Server
}

// home is gangway on the ground's engine, with a record of its own and its own
// worker, and people who hold seats.
type home struct {
	house *assembly.House
	desk  *desk.Desk // that opens the requests
	url   string     // of what takes signed HTTP
	// rows is the database of the record, past the archive: what is there at the
	// moment of an acknowledgement.
	rows    *sql.DB
	rest    func()
	closers []func()
}

func newChat(ctx context.Context, g *ground) (_ *chat, err error) {
	c := &chat{}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	var users []slacktest.User
	people := "zone: Europe/London\nhours: Mon-Fri 09:00-17:00\nholidays: england-and-wales\npeople:\n  - {id: olga, name: Olga Owner, mail: olga@gate.example}\n"
	for i := range clickers {
		p := clicker(i)
		users = append(users, slacktest.User{ID: userOf(p), Name: p, RealName: p, Email: p + "@gate.example"})
		people += fmt.Sprintf("  - {id: %s, name: %s, mail: %s@gate.example, slack: %s, roles: [%s], manager: olga}\n", p, p, p, userOf(p), p)
	}
	c.slack, err = slacktest.New(slacktest.Options{Users: users})
	if err != nil {
		return c, fmt.Errorf("starting Slack: %w", err)
	}
	c.closers = append(c.closers, func() { _ = c.slack.Close() }) // it is of no use any more
	o := c.slack.Options()
	return c, c.furnish(ctx, g, "slack", people, func(url string, to *assembly.Options) {
		to.Slack = config.Slack{App: o.App, Teams: []string{o.Team}, BotToken: config.Opened(o.BotToken), AppToken: config.Opened(o.AppToken),
			SigningSecret: config.Opened(o.Secret), API: c.slack.URL() + "/api/"}
	})
}

// furnish opens the house, with whatever channel the options get, lets people move
// in and starts everything that runs in it.
func (c *home) furnish(ctx context.Context, g *ground, name, people string, channel func(url string, to *assembly.Options)) error {
	own, err := connectPacked(ctx, g.place, g.log)
	if err != nil {
		return fmt.Errorf("connecting to the engine: %w", err)
	}
	c.closers = append(c.closers, own.Close)
	l, err := assembly.ListenLoopback("127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for %s: %w", name, err)
	}
	c.url = "http://" + l.Addr().String()
	dir := filepath.Join(g.dir, name)
	o := assembly.Options{Dir: dir, PickPerson: true, Hosts: assembly.Hosts(l), Address: c.url, Log: g.log}
	channel(c.url, &o)
	c.house, err = assembly.Open(ctx, own, o)
	if err != nil {
		return errors.Join(fmt.Errorf("opening a house with %s: %w", name, err), l.Close())
	}
	c.closers = append(c.closers, func() { _ = c.house.Close() }) // the folder is thrown away
	stop := assembly.ServeInbox(l, c.house.Web, g.log)
	c.closers = append(c.closers, stop)
	c.desk = desk.New(c.house.Archive, own, seatsLibrary{}, unsealed{}, desk.Options{Log: g.log, PickPerson: true})
	c.rows, err = sql.Open("sqlite", filepath.Join(dir, "archive.db"))
	if err != nil {
		return fmt.Errorf("opening the database beside the archive: %w", err)
	}
	c.closers = append(c.closers, func() { _ = c.rows.Close() }) // it was only read
	list, err := config.ReadPeople("people.yaml", []byte(people))
	if err == nil {
		_, _, err = c.desk.SeedPeople(ctx, list.List)
	}
	if err != nil {
		return fmt.Errorf("writing the people: %w", err)
	}
	return c.work(ctx)
}

// work starts the worker and the loops.
func (c *home) work(ctx context.Context) error {
	w := c.house.NewWorker(localSticky)
	if err := w.Start(); err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	c.closers = append(c.closers, w.Stop)
	c.loop(ctx)
	c.closers = append(c.closers, func() { c.rest() })
	return nil
}

// loop starts the loops, rest ends them.
func (c *home) loop(ctx context.Context) {
	loops, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { c.house.Run(loops); close(ended) }()
	c.rest = func() { end(); <-ended }
}

func (c *home) close() {
	for _, stop := range slices.Backward(c.closers) {
		stop()
	}
}

// card is where somebody's card of a request stands.
type card struct {
	person, request string
	outbox.Place
}

// open asks people, from one to another, and returns the request.
func (c *home) open(ctx context.Context, name string, from, to int) (request string, err error) {
	i := playbook.Intake{ID: "seats-" + name, Playbook: seatsName(from, to), Reason: "It has to be measured.", YearlyCost: 1000, Currency: "EUR",
		Data: []string{"none"}, Owner: "olga", From: review.Address{Channel: "web", ID: "olga"}}
	i.Vendor.Name, i.Vendor.Service, i.Vendor.Country, i.Vendor.Slug = "Seats "+name, "A service", "GB", "seats-"+name
	id, err := c.desk.Open(ctx, i)
	if err != nil {
		return "", fmt.Errorf("opening a case of %d seats: %w", to-from, err)
	}
	return id + ":gate.1", nil
}

// together asks n people one thing, and returns their cards once they stand.
func (c *chat) together(ctx context.Context, name string, n int) ([]card, error) {
	request, err := c.open(ctx, name, 0, n)
	if err != nil {
		return nil, err
	}
	cards := make([]card, n)
	for i := range n {
		cards[i] = card{person: clicker(i), request: request}
	}
	return cards, c.stand(ctx, cards)
}

// apart asks each of n people something of their own.
func (c *chat) apart(ctx context.Context, name string, n int) (cards []card, err error) {
	for i := range n {
		request, err := c.open(ctx, fmt.Sprintf("%s-%d", name, i), i, i+1)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card{person: clicker(i), request: request})
	}
	return cards, c.stand(ctx, cards)
}

// stand waits until cards stand, one of each.
func (c *chat) stand(ctx context.Context, cards []card) error {
	for i := range cards {
		err := c.until(ctx, func() (bool, error) {
			list, err := c.house.Archive.Places(ctx, outbox.CardID(cards[i].person, cards[i].request))
			if err != nil || len(list) == 0 {
				return false, err
			}
			cards[i].Place = list[0]
			return true, nil
		})
		if err != nil {
			return fmt.Errorf("waiting for the card of %s: %w", cards[i].person, err)
		}
	}
	return nil
}

// until looks again and again. Cards are posted as fast as Slack lets us, a minute
// or two for all of them.
func (c *home) until(ctx context.Context, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		ok, err := is()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// kept reports whether an answer of somebody is durable: its receipt, or its row in
// the queue.
func (c *home) kept(ctx context.Context, person, request string) (bool, error) {
	var n int
	err := c.rows.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM receipts WHERE person = ? AND request = ?)
		+ (SELECT count(*) FROM queue WHERE person = ? AND request = ?)`, person, request, person, request).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("looking whether an answer is kept: %w", err)
	}
	return n > 0, nil
}

// approve is the action of the button that was measured.
const approve = "answer/" + string(review.Approve)
