package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Expected is what an operator wrote down of the app.
type Expected struct {
	// App is its id; CasesChannel is where the threads of cases stand, "" nowhere.
	App, CasesChannel string
	// ByMail: people are found by their mail addresses.
	ByMail bool
}

// Finding is one thing that Check looked at.
type Finding struct {
	Part string
	Said string // what is so
	// Err is what is wrong; its Hint says what to do about it.
	Err error
}

// mostSkew is how far this machine's clock may be off. Slack's requests are
// refused beyond Window; a quarter of it leaves room to notice.
const mostSkew = Window / 4

// Check tries each call that gangway makes, in a way that changes nothing and is
// seen by nobody: what it is about does not exist. Slack looks at a token's scopes
// before that. A token that is no good ends it at once.
func (c *Client) Check(ctx context.Context, e Expected) []Finding {
	k := checking{c: c, e: e}
	if !k.identity(ctx) {
		return k.found
	}
	k.self(ctx)
	for _, t := range k.trials() {
		err := k.try(ctx, t.method, t.args, nil, nil)
		switch refused, is := callOf(err); {
		case !is || k.lacks(refused):
		case refused.Fault == Refused || refused.Fault == Faulty && refused.Word != "unknown_method":
			// It looked, and what it was asked about is not there.
		default:
			k.wrong("slack method", err, refused.Hint())
		}
	}
	k.channel(ctx)
	k.socket(ctx)
	k.scopes()
	return k.found
}

// checkError is what is wrong, and what to do about it.
type checkError struct {
	error
	hint string
}

// Hint is what to do about it.
func (e checkError) Hint() string { return e.hint }

// Unwrap is what is wrong.
func (e checkError) Unwrap() error { return e.error }

// checking is a check while it runs.
type checking struct {
	c     *Client
	e     Expected
	found []Finding
	// team and user are whose the token is; granted are its scopes, nil where Slack
	// did not say.
	team, user string
	granted    []string
	// lacking are the scopes that it has not, as far as Slack said so.
	lacking []string
}

func (k *checking) well(part, format string, args ...any) {
	k.found = append(k.found, Finding{Part: part, Said: fmt.Sprintf(format, args...)})
}

func (k *checking) wrong(part string, err error, hint string) {
	k.found = append(k.found, Finding{Part: part, Err: checkError{err, hint}})
}

// try makes one call by hand: the library shows neither an answer's headers nor
// what is asked for nobody.
func (k *checking) try(ctx context.Context, method string, args url.Values, answer any, header *http.Header) error {
	return k.c.call(ctx, method, args.Get("channel"), func(ctx context.Context, _ *slack.Client) error {
		token := k.c.o.BotToken
		if method == OpenConnection {
			token = k.c.o.AppToken
		}
		secret, err := token()
		if err != nil || secret == "" {
			return &CallError{Fault: Unready}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, k.c.o.API+method, strings.NewReader(args.Encode()))
		if err != nil {
			return errEmpty // the base was read before; nothing else can be wrong
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+secret)
		resp, err := k.c.wire.Do(req)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		if header != nil {
			*header = resp.Header
		}
		if answer != nil && json.NewDecoder(resp.Body).Decode(answer) != nil {
			return errEmpty
		}
		return nil
	})
}

// identity asks whose the token is, what it may and what time it is there; false:
// nothing else is worth trying.
func (k *checking) identity(ctx context.Context) bool {
	var who struct {
		Team       string `json:"team_id"`
		Enterprise string `json:"enterprise_id"`
		User       string `json:"user_id"`
	}
	var header http.Header
	before := k.c.o.Now()
	err := k.try(ctx, AuthTest, nil, &who, &header)
	if err == nil {
		err = sorted(AuthTest, wants(who.Team, who.User))
	}
	if err != nil {
		hint := "is this Slack's API, and can it be reached from here?"
		if refused, is := callOf(err); is && refused.Permanent() {
			hint = refused.Hint()
		}
		k.wrong("slack", err, hint)
		return false
	}
	k.team, k.user = who.Team, who.User
	if !slices.Contains(k.c.o.Teams, who.Team) && (who.Enterprise == "" || !slices.Contains(k.c.o.Teams, who.Enterprise)) {
		k.wrong("slack", fmt.Errorf("the bot token is of the workspace %s, which slack.team does not name", clean(who.Team)),
			"write that workspace into slack.team, or install the app where it should be and take its token")
	} else {
		k.well("slack", "the bot token is of the workspace %s", clean(who.Team))
	}
	for _, scope := range strings.Split(header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); isWord(scope, ":.") {
			k.granted = append(k.granted, scope)
		}
	}
	for _, u := range k.needed() {
		if k.granted != nil && !slices.Contains(k.granted, u.scope) {
			k.lacking = append(k.lacking, u.scope)
		}
	}
	k.clock(header.Get("Date"), before, k.c.o.Now())
	return true
}

// clock compares this machine's time with Slack's, which was told at some time
// between before and after, in whole seconds.
func (k *checking) clock(date string, before, after time.Time) {
	theirs, err := http.ParseTime(date)
	if err != nil {
		return // no claim, no comparison
	}
	skew := max(before.Sub(theirs.Add(time.Second)), theirs.Sub(after), 0)
	if skew > mostSkew {
		k.wrong("slack clock", fmt.Errorf("this machine's clock is %s away from Slack's", skew.Round(time.Second)),
			"let it be set over the network (NTP): beyond five minutes every signed request of Slack's is refused")
		return
	}
	k.well("slack clock", "it agrees with Slack's")
}

// self looks at the app's own user, which names the app.
func (k *checking) self(ctx context.Context) {
	var said struct {
		User struct {
			Profile struct {
				App string `json:"api_app_id"`
			} `json:"profile"`
		} `json:"user"`
	}
	err := k.try(ctx, UserInfo, url.Values{"user": {k.user}}, &said, nil)
	app := clean(said.User.Profile.App)
	switch refused, is := callOf(err); {
	case is && k.lacks(refused):
	case err != nil:
		k.wrong("slack app", err, "the token's own user cannot be seen: install the app again and take its new token")
	case app == "": // Slack does not have to say
	case app != k.e.App:
		k.wrong("slack app", fmt.Errorf("the bot token is of the app %s, the settings name %s", app, clean(k.e.App)),
			"write the id of the app whose tokens these are into slack.app: what another app sends is refused")
	default:
		k.well("slack app", "the bot token is of the app %s", app)
	}
}

// trial is a call about something that does not exist.
type trial struct {
	method string
	args   url.Values
}

// trials are all calls of Methods that are not tried elsewhere. Ids of Slack are
// longer than two letters, so nobody and nothing has these; .invalid is nobody's
// either (RFC 2606).
func (k *checking) trials() []trial {
	const nowhere, nobody = "C0", "U0"
	const modal = `{"type":"modal","title":{"type":"plain_text","text":"-"},"blocks":[]}`
	all := []trial{
		{OpenConversation, url.Values{"users": {nobody}}},
		{PostMessage, url.Values{"channel": {nowhere}, "text": {"-"}}},
		{UpdateMessage, url.Values{"channel": {nowhere}, "ts": {"1.000001"}, "text": {"-"}}},
		{PostEphemeral, url.Values{"channel": {nowhere}, "user": {nobody}, "text": {"-"}}},
		{OpenView, url.Values{"trigger_id": {"0"}, "view": {modal}}},
		{UpdateView, url.Values{"view_id": {"V0"}, "view": {modal}}},
		{PublishView, url.Values{"user_id": {nobody}, "view": {`{"type":"home","blocks":[]}`}}},
	}
	if k.e.ByMail {
		all = append(all, trial{LookupByEmail, url.Values{"email": {"nobody@gangway.invalid"}}})
	}
	return all
}

// channel looks at the channel of cases: it is there, the app is in it, and
// nobody of another organisation.
func (k *checking) channel(ctx context.Context) {
	if k.e.CasesChannel == "" {
		return
	}
	var said struct {
		Channel struct {
			Archived bool `json:"is_archived"`
			Member   bool `json:"is_member"`
			Shared   bool `json:"is_ext_shared"`
			Pending  bool `json:"is_pending_ext_shared"`
		} `json:"channel"`
	}
	const part, into = "slack channel", "write `/invite @gangway` in it"
	err := k.try(ctx, ConversationInfo, url.Values{"channel": {k.e.CasesChannel}}, &said, nil)
	switch refused, is := callOf(err); {
	case is && k.lacks(refused):
		k.wrong(part, errors.New("whether the cases' channel is shared with another organisation can't be seen"),
			"give the app the scopes that are named below, as slack-manifest.yaml has them")
	case is && refused.NotFound():
		k.wrong(part, fmt.Errorf("there is no channel %s that the app could see", k.e.CasesChannel), "is the id right? Of a private channel: "+into)
	case err != nil:
		k.wrong(part, err, "look at slack.cases-channel")
	case said.Channel.Shared || said.Channel.Pending:
		k.wrong(part, fmt.Errorf("the channel %s is shared with another organisation, or about to be", k.e.CasesChannel),
			"name one that only your own people can read: vendors may be on the other side")
	case said.Channel.Archived:
		k.wrong(part, fmt.Errorf("the channel %s is archived", k.e.CasesChannel), "bring it back, or name another one")
	case !said.Channel.Member:
		k.wrong(part, fmt.Errorf("the app is not in the channel %s", k.e.CasesChannel), into)
	default:
		k.well(part, "the threads of cases stand in %s", k.e.CasesChannel)
	}
}

// socket asks for a connection's address and leaves it: it ends by itself when
// nobody comes.
func (k *checking) socket(ctx context.Context) {
	if k.c.o.AppToken == nil {
		return
	}
	var said struct {
		URL string `json:"url"`
	}
	err := k.try(ctx, OpenConnection, nil, &said, nil)
	if err == nil {
		err = sorted(OpenConnection, wants(said.URL))
	}
	const part = "slack socket"
	switch refused, is := callOf(err); {
	case is && refused.Word == "missing_scope":
		k.wrong(part, errors.New("the app-level token lacks connections:write"), "make one that has it: the app's page, Basic Information, App-Level Tokens")
	case is && refused.Fault == Denied:
		k.wrong(part, err, "make a new app-level token with connections:write: the app's page, Basic Information, App-Level Tokens")
	case err != nil:
		k.wrong(part, err, "is Socket Mode switched on in the app's settings, and can Slack be reached from here?")
	default:
		k.well(part, "Slack gives connections")
	}
}

// scopeUse is a scope of the bot's token and what needs it.
type scopeUse struct{ scope, use string }

// needed are the scopes, in the order of the calls.
func (k *checking) needed() []scopeUse {
	var all []scopeUse
	for _, m := range Methods() {
		if m.AppLevel || m.Name == LookupByEmail && !k.e.ByMail {
			continue
		}
		for _, scope := range append([]string{m.Scope}, m.More...) {
			if scope != "" && !slices.ContainsFunc(all, func(u scopeUse) bool { return u.scope == scope }) {
				all = append(all, scopeUse{scope, m.For})
			}
		}
	}
	return append(all, scopeUse{"commands", "/vendor"})
}

// lacks reports whether a call was refused for want of a scope, and keeps which.
func (k *checking) lacks(refused *CallError) bool {
	if refused.Word != "missing_scope" {
		return false
	}
	k.lacking = append(k.lacking, strings.Split(refused.Scope, ",")...)
	for _, m := range Methods() {
		if m.Name == refused.Method && !m.AppLevel { // any of several would have been enough: then ours
			k.lacking = append(k.lacking, m.Scope)
		}
	}
	return true
}

// scopes tells each scope that is missing, and in passing those nobody needs.
func (k *checking) scopes() {
	const part = "slack scopes"
	whole := true
	for _, u := range k.needed() {
		if slices.Contains(k.lacking, u.scope) {
			k.wrong(part, fmt.Errorf("the bot token lacks %s (%s)", u.scope, u.use),
				"add `- "+u.scope+"` under oauth_config, scopes, bot in the app's manifest, as slack-manifest.yaml has it, and install the app again")
			whole = false
		}
	}
	if !whole {
		return
	}
	var idle []string
	for _, scope := range k.granted {
		if scope != scopeMail && !slices.ContainsFunc(k.needed(), func(u scopeUse) bool { return u.scope == scope }) {
			idle = append(idle, scope)
		}
	}
	if len(idle) > 0 {
		k.well(part, "all that are needed; nothing needs %s: take them away", strings.Join(idle, ", "))
		return
	}
	k.well(part, "all that are needed")
}
