package slack

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	// homeStamp is the stamp of the place that a person's page is at, dmStamp of the
	// one that remembers their conversation. Messages have stamps of digits.
	homeStamp = "home"
	dmStamp   = "dm"
	// unfoundFor is for how long it is believed that Slack has nobody with a mail
	// address.
	unfoundFor = 10 * time.Minute
)

// absentError says that somebody can't be reached in Slack.
type absentError struct{ why string }

// Error says why, in a word.
func (e absentError) Error() string { return "not reached in Slack: " + e.why }

// bound is who somebody is in Slack: the user of addressOf.
func (a *App) bound(ctx context.Context, person string) (user string, found bool, err error) {
	address, found, err := a.addressOf(ctx, person)
	_, user, _ = strings.Cut(address.ID, ":")
	return user, found, err
}

// addressOf is the address of somebody's that counts: the newest in a workspace of
// ours.
func (a *App) addressOf(ctx context.Context, person string) (address review.Address, found bool, err error) {
	list, err := a.o.Store.BindingsOf(ctx, Channel, person)
	if err != nil {
		return address, false, fmt.Errorf("looking up somebody's addresses: %w", err)
	}
	for _, b := range list {
		team, user, ok := strings.Cut(b.Address, ":")
		if ok && user != "" && slices.Contains(a.o.Client.o.Teams, team) {
			return Address(team, user), true, nil
		}
	}
	return address, false, nil
}

// reach is the user whom somebody is in Slack, checked by Slack within the last
// minute, and bound by now. An absentError says that they can't be reached there.
func (a *App) reach(ctx context.Context, who playbook.Person) (user string, err error) {
	if who.Left {
		return "", absentError{"left"}
	}
	if who.Employer != "" {
		return "", absentError{"vendor"}
	}
	bound, isBound, err := a.bound(ctx, who.ID)
	if err != nil {
		return "", err
	}
	if named := userOf(who.Slack); named != "" && named != bound { // the file rules: an operator wrote it
		return a.meet(ctx, who, named, access.ByFile)
	}
	if isBound {
		return a.meet(ctx, who, bound, "")
	}
	if !a.byMail(who) {
		return "", absentError{"unbound"}
	}
	return a.find(ctx, who)
}

// userOf is the user in what the people file says: U4567, or T0123:U4567.
func userOf(address string) string {
	_, user, found := strings.Cut(address, ":")
	if !found {
		user = address
	}
	return strings.TrimSpace(user)
}

// meet asks Slack who a user is now, and binds them where that is new.
func (a *App) meet(ctx context.Context, who playbook.Person, user, how string) (string, error) {
	if _, known := a.o.Client.known(user); !known {
		if err := a.mayCall(UserInfo, ""); err != nil {
			return "", err
		}
	}
	p, err := a.o.Client.Member(ctx, user)
	if err != nil {
		return "", a.absent(err)
	}
	if p.Unfit != "" {
		return "", absentError{p.Unfit}
	}
	return user, a.bind(ctx, who, p, how)
}

// find looks for somebody by their mail address, which must be nobody else's.
func (a *App) find(ctx context.Context, who playbook.Person) (string, error) {
	if until, ok := a.unfound[who.ID]; ok && a.now().Before(until) {
		return "", absentError{"unfound"}
	}
	people, _, err := a.o.Store.People(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the people: %w", err)
	}
	same := 0
	for _, p := range playbook.Own(people) { // a vendor may name any address as theirs
		if strings.EqualFold(p.Mail, who.Mail) {
			same++
		}
	}
	if same != 1 {
		return "", absentError{"two with one address"}
	}
	if err := a.mayCall(LookupByEmail, ""); err != nil {
		return "", err
	}
	p, err := a.o.Client.MemberByMail(ctx, who.Mail)
	if e, ok := callOf(err); ok && (e.NotFound() || e.person()) {
		a.unfound[who.ID] = a.now().Add(unfoundFor)
	}
	switch {
	case err != nil:
		return "", a.absent(err)
	case p.Unfit != "":
		return "", absentError{p.Unfit}
	case p.Mail != "" && !strings.EqualFold(p.Mail, who.Mail):
		return "", absentError{"another address"}
	}
	return p.User, a.bind(ctx, who, p, access.ByMail)
}

// recognise binds a member whom nothing was sent so far: the people file names
// them, or their mail address is one of which that is believed. false: it is
// nobody's, or not theirs alone.
func (a *App) recognise(ctx context.Context, p profile) (bool, error) {
	people, _, err := a.o.Store.People(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the people: %w", err)
	}
	var named, mailed []playbook.Person
	for _, who := range playbook.Own(people) {
		if userOf(who.Slack) == p.User {
			named = append(named, who)
		}
		if p.Mail != "" && strings.EqualFold(who.Mail, p.Mail) {
			mailed = append(mailed, who)
		}
	}
	switch {
	case len(named) == 1:
		return a.recognised(ctx, named[0], p, access.ByFile)
	case len(named) > 0 || len(mailed) != 1 || mailed[0].Slack != "" || !a.byMail(mailed[0]):
		return false, nil
	}
	if _, isBound, err := a.bound(ctx, mailed[0].ID); err != nil || isBound {
		return false, err
	}
	return a.recognised(ctx, mailed[0], p, access.ByMail)
}

func (a *App) recognised(ctx context.Context, who playbook.Person, p profile, how string) (bool, error) {
	if who.Left || who.Employer != "" {
		return false, nil
	}
	err := a.bind(ctx, who, p, how)
	var absent absentError
	if errors.As(err, &absent) {
		return false, nil
	}
	return err == nil, err
}

// absent is an absentError where Slack says that there is no such person.
func (a *App) absent(err error) error {
	if e, ok := callOf(err); ok && (e.NotFound() || e.person()) {
		return absentError{e.Word}
	}
	return err
}

// bind says whose an address is, where that is not known; how empty: it is.
func (a *App) bind(ctx context.Context, who playbook.Person, p profile, how string) error {
	if how == "" {
		return nil
	}
	err := a.o.Desk.Bind(ctx, access.Binding{Channel: Channel, Address: a.o.Client.address(p).ID, Person: who.ID, How: how, Made: a.now()})
	if isInvalid(err) {
		return absentError{"somebody else's"}
	}
	if err != nil {
		return fmt.Errorf("binding an address: %w", err)
	}
	return nil
}

// conversation is the app's with a user: as the store knows it, else as Slack
// says.
func (a *App) conversation(ctx context.Context, person, user string) (string, error) {
	if c := a.dms[user]; c != "" {
		return c, nil
	}
	places, err := a.o.Store.Places(ctx, outbox.HomeID(person))
	if err != nil {
		return "", fmt.Errorf("looking for a conversation: %w", err)
	}
	for _, p := range places {
		if p.Stamp == dmStamp && p.Digest == user {
			a.dms[user] = p.Channel
			return p.Channel, nil
		}
	}
	if err := a.mayCall(OpenConversation, ""); err != nil {
		return "", err
	}
	c, err := a.o.Client.Conversation(ctx, user)
	if err != nil {
		return "", a.absent(err)
	}
	err = a.o.Store.PutPlace(ctx, outbox.Place{Posting: outbox.HomeID(person), Channel: c, Stamp: dmStamp, Digest: user, Made: a.now()})
	if err != nil {
		return "", fmt.Errorf("keeping a conversation: %w", err)
	}
	a.dms[user] = c
	return c, nil
}

// forget drops what is believed of a user, since Slack refused something of theirs.
func (a *App) forget(ctx context.Context, person, user string) {
	c := a.dms[user]
	delete(a.dms, user)
	a.o.Client.Forget(user)
	if c == "" {
		return
	}
	err := a.o.Store.PutPlace(ctx, outbox.Place{Posting: outbox.HomeID(person), Channel: c, Stamp: dmStamp, Digest: user, Gone: true, Made: a.now()})
	if err != nil {
		a.o.Log.Warn("forgetting a conversation", "person", person, "error", err)
	}
}

// instead hands what was to be told to another channel, and lets the case know
// that its person was not reached here, once.
func (a *App) instead(ctx context.Context, p outbox.Posting, why string) error {
	if p.Kind == outbox.Tidings && a.o.Instead != nil {
		if err := a.o.Instead.Tidings(ctx, p.Case, p.Request); err != nil {
			return fmt.Errorf("telling an outcome another way: %w", err)
		}
	}
	if p.Notice == "" {
		return nil
	}
	shown := false
	if a.o.Instead != nil {
		var err error
		shown, err = a.o.Instead.Show(ctx, review.Notice{ID: p.Notice, Case: p.Case, Person: p.Person, Requests: p.Requests, Why: p.Why, At: p.At})
		if err != nil {
			return fmt.Errorf("telling somebody another way: %w", err)
		}
	}
	a.o.Log.Warn("somebody is not reached in Slack", "person", p.Person, "posting", p.ID, "why", why, "told", shown)
	n := review.Note{ID: noteID(string(review.NoteUnreached), p.Case, p.Person), Kind: review.NoteUnreached, Case: p.Case, Person: p.Person, Channel: Channel, Reason: reasonOf(why), At: a.now()}
	if shown {
		n.Instead = "mail"
	}
	if err := a.note(ctx, n); err != nil || shown {
		return err
	}
	for _, r := range p.Requests {
		n := review.Note{ID: noteID(string(review.NoteUndelivered), p.Notice, r), Kind: review.NoteUndelivered, Case: p.Case, Request: r, Person: p.Person, Channel: Channel, At: a.now()}
		if err := a.note(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// note lets a case know something. What it refuses to hear (it is gone, or over)
// is not said for ever.
func (a *App) note(ctx context.Context, n review.Note) error {
	err := a.o.Desk.Note(ctx, n)
	if err != nil && !isMissing(err) && !isInvalid(err) {
		return fmt.Errorf("letting the case know: %w", err)
	}
	return nil
}

// noteID fits what desk takes as an id; the same parts give the same.
func noteID(parts ...string) string {
	return fmt.Sprintf("slack-%x", sha256.Sum256([]byte(strings.Join(parts, "\x00"))))[:46]
}
