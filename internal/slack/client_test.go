package slack

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gangway/internal/slack/slacktest"
)

// tick is a clock that stands still until it is moved.
type tick struct {
	mu sync.Mutex
	at time.Time
}

func newTick() *tick { return &tick{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} } // a Monday

func (c *tick) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *tick) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// to moves it on to an instant, never back.
func (c *tick) to(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
}

const (
	theTeam = "T0TEST"
	theBot  = "xoxb-secret-of-the-bot"
	theApp  = "xapp-secret-of-the-app"
)

// workspace is a Slack with some people, and a client of it.
func workspace(t *testing.T, clock *tick, people ...slacktest.User) (*slacktest.Server, *Client) {
	t.Helper()
	s, err := slacktest.New(slacktest.Options{Now: clock.now, BotToken: theBot, AppToken: theApp, Users: people,
		Channels: []slacktest.Channel{{ID: "C0CASES", Name: "vendors", Kind: slacktest.Private, Members: []string{"U0TESTBOT"}}}})
	if err != nil {
		t.Fatalf("starting a Slack: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, clientOf(t, s.URL()+"/api/", clock)
}

func clientOf(t *testing.T, api string, clock *tick) *Client {
	t.Helper()
	c, err := NewClient(Connection{API: api, Teams: []string{theTeam}, Now: clock.now, Patience: 5 * time.Second,
		BotToken: func() (string, error) { return theBot, nil }, AppToken: func() (string, error) { return theApp, nil }})
	if err != nil {
		t.Fatalf("a client: %v", err)
	}
	return c
}

func ana() slacktest.User {
	return slacktest.User{ID: "U0ANA", Name: "ana", RealName: "Ana", Email: "ana@example.org"}
}

// secretless fails if a text holds what must never leave the client.
func secretless(t *testing.T, what, text string, more ...string) {
	t.Helper()
	for _, s := range append([]string{theBot, theApp, "xoxb", "xapp", "http://", "https://", "127.0.0.1"}, more...) {
		if strings.Contains(text, s) {
			t.Errorf("%s holds %q: %s", what, s, text)
		}
	}
}

func TestEachFailureHasItsName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		order     slacktest.Failure
		want      Fault
		word      string
		after     time.Duration
		permanent bool
		unknown   bool
	}{
		"ok:false without a word":  {order: slacktest.Failure{}, want: Broken, unknown: true},
		"429 with Retry-After":     {order: slacktest.Failure{How: slacktest.Limited, After: 7 * time.Second}, want: Limited, word: "429", after: 7 * time.Second},
		"429 without Retry-After":  {order: slacktest.Failure{How: slacktest.Limited}, want: Limited, word: "429", after: limitedFor},
		"503 with HTML":            {order: slacktest.Failure{How: slacktest.Unavailable}, want: Broken, word: "503", unknown: true},
		"lost reply":               {order: slacktest.Failure{How: slacktest.Lost}, want: Lost, unknown: true},
		"invalid_blocks":           {order: slacktest.Failure{Error: "invalid_blocks"}, want: Faulty, word: "invalid_blocks", permanent: true},
		"msg_too_long":             {order: slacktest.Failure{Error: "msg_too_long"}, want: Faulty, word: "msg_too_long", permanent: true},
		"channel_not_found":        {order: slacktest.Failure{Error: "channel_not_found"}, want: Refused, word: "channel_not_found", permanent: true},
		"a word nobody knows":      {order: slacktest.Failure{Error: "brand_new_error"}, want: Refused, word: "brand_new_error", permanent: true},
		"a word that is a text":    {order: slacktest.Failure{Error: "see https://evil xoxb-1"}, want: Refused, word: "unreadable", permanent: true},
		"a token that is revoked":  {order: slacktest.Failure{Error: "token_revoked"}, want: Denied, word: "token_revoked", permanent: true},
		"ratelimited as a word":    {order: slacktest.Failure{Error: "ratelimited"}, want: Limited, word: "ratelimited", after: limitedFor},
		"internal_error as a word": {order: slacktest.Failure{Error: "internal_error"}, want: Broken, word: "internal_error", unknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, client := workspace(t, newTick(), ana())
			c.order.Method = PostMessage
			s.Order(c.order)
			stamp, err := client.Post(t.Context(), "C0CASES", "", "hello", nil)
			e, ok := callOf(err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if e.Method != PostMessage || e.Fault != c.want || e.Word != c.word || e.RetryAfter() != c.after || e.Permanent() != c.permanent || e.Unknown() != c.unknown || stamp != "" {
				t.Errorf("got %+v, stamp %q", e, stamp)
			}
			secretless(t, "the error", err.Error()+e.Hint())
			if n := len(s.Calls(PostMessage)); n != 1 {
				t.Errorf("it was called %d times", n)
			}
		})
	}
}

func TestAMissingScopeIsNamed(t *testing.T) {
	t.Parallel()
	s, client := workspace(t, newTick(), ana())
	s.Grant("users:read")
	_, err := client.Post(t.Context(), "C0CASES", "", "hello", nil)
	e, ok := callOf(err)
	if !ok || e.Scope != "chat:write" || !e.Forbidden() || !strings.Contains(e.Hint(), "chat:write") || !strings.Contains(err.Error(), "chat:write") {
		t.Errorf("got %v", err)
	}
}

func TestInvalidBlocksAreOursAndSayWhere(t *testing.T) {
	t.Parallel()
	_, client := workspace(t, newTick(), ana())
	long := slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("x", 200), false, false))
	_, err := client.Post(t.Context(), "C0CASES", "", "hello", []slack.Block{long})
	e, ok := callOf(err)
	if !ok || e.Fault != Faulty || !e.Permanent() || len(e.Pointers) == 0 || !strings.HasPrefix(e.Pointers[0], "/blocks/0") {
		t.Fatalf("got %+v", err)
	}
	if strings.Contains(strings.Join(e.Pointers, ""), "xxx") {
		t.Error("what was sent is quoted")
	}
}

func TestNothingListening(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	client := clientOf(t, gone.URL+"/api", newTick())
	_, err := client.Post(t.Context(), "C0CASES", "", "hello", nil)
	e, ok := callOf(err)
	if !ok || e.Fault != Unreachable || e.Unknown() || e.Permanent() {
		t.Fatalf("got %v", err)
	}
	secretless(t, "the error", err.Error())
}

func TestACallEndsWithItsContextAndWithoutOne(t *testing.T) {
	t.Parallel()
	s, client := workspace(t, newTick(), ana())
	client.o.Patience = 50 * time.Millisecond
	s.Order(slacktest.Failure{Method: PostMessage, How: slacktest.Held, Times: -1})
	_, err := client.Post(context.Background(), "C0CASES", "", "hello", nil)
	e, ok := callOf(err)
	if !ok || e.Fault != Lost || !e.Unknown() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a deadline: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.Post(ctx, "C0CASES", "", "hello", nil)
	if e, ok := callOf(err); !ok || e.Unknown() || !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that ended: %v", err)
	}
	s.Release()
}

func TestOddAnswersAreFailures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code int
		body string
		want Fault
	}{
		"no JSON":                     {200, "<html>ok</html>", Lost},
		"no ok":                       {200, `{"ts":"1.000001"}`, Lost},
		"ok, and nothing of a post":   {200, `{"ok":true}`, Lost},
		"ok is a word":                {200, `{"ok":"yes","ts":"1.000001"}`, Lost},
		"an error of blanks":          {200, `{"ok":false,"error":"  "}`, Broken},
		"a redirect":                  {307, "", Refused},
		"a page that is not there":    {404, "", Refused},
		"a gateway's page":            {502, "<html>", Broken},
		"an answer that is too large": {200, `{"ok":true,"ts":"1.000001","x":"` + strings.Repeat("x", mostReply) + `"}`, Lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls++
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.code)
				_, _ = w.Write([]byte(c.body))
			}))
			defer odd.Close()
			_, err := clientOf(t, odd.URL, newTick()).Post(t.Context(), "C0CASES", "", "hello", nil)
			if e, ok := callOf(err); !ok || e.Fault != c.want || calls != 1 {
				t.Errorf("got %v after %d calls", err, calls)
			}
		})
	}
}

// S17: whatever fails, no error, hint or log line holds a token or an address.
func TestS17NoSecretInErrorsOrLogs(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	s, client := workspace(t, newTick(), ana())
	var errs []error
	for _, how := range []slacktest.Failure{{Error: "invalid_auth"}, {How: slacktest.Lost}, {How: slacktest.Limited}, {How: slacktest.Unavailable}, {}, {Error: theBot}} {
		how.Times = -1
		s.Order(how)
		errs = append(errs, everyCall(t.Context(), client)...)
		s.Mend()
	}
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	errs = append(errs, everyCall(t.Context(), clientOf(t, away.URL, newTick()))...)
	broken := clientOf(t, "http://127.0.0.1:1/", newTick())
	broken.o.BotToken = func() (string, error) { return "", errors.New("reading " + theBot) }
	errs = append(errs, everyCall(t.Context(), broken)...)
	for _, err := range errs {
		if err == nil {
			t.Fatal("a call went well")
		}
		e, ok := callOf(err)
		if !ok {
			t.Fatalf("%v is no CallError", err)
		}
		logger.Error("calling", "error", err, "hint", e.Hint(), "pointers", e.Pointers, "all", *e)
	}
	secretless(t, "the log", log.String(), "trigger-of-somebody", "ana@example.org")
}

func everyCall(ctx context.Context, c *Client) []error {
	_, identity := c.Identity(ctx)
	_, member := c.Member(ctx, "U0ANA")
	_, found := c.MemberByMail(ctx, "ana@example.org")
	_, dm := c.Conversation(ctx, "U0ANA")
	_, shared := c.IsShared(ctx, "C0CASES")
	_, post := c.Post(ctx, "C0CASES", "", "hello", nil)
	_, _, open := c.OpenModal(ctx, "trigger-of-somebody", slack.ModalViewRequest{})
	return []error{identity, member, found, dm, shared, post, open,
		c.Update(ctx, "C0CASES", "1.000001", "hello", nil), c.Whisper(ctx, "C0CASES", "U0ANA", "hello", nil), c.Tell(ctx, "U0ANA", "hello", nil),
		c.UpdateModal(ctx, "V1", "", slack.ModalViewRequest{}), c.PublishHome(ctx, "U0ANA", slack.HomeTabViewRequest{})}
}

func TestA429PausesItsMethodAlone(t *testing.T) {
	t.Parallel()
	clock := newTick()
	s, client := workspace(t, clock, ana())
	s.Order(slacktest.Failure{Method: UpdateMessage, How: slacktest.Limited, After: 9 * time.Second})
	_ = client.Update(t.Context(), "C0CASES", "1.000001", "hello", nil)
	if at := client.free(UpdateMessage, "C0CASES"); at.Sub(clock.now()) != 9*time.Second {
		t.Errorf("free in %s", at.Sub(clock.now()))
	}
	if at := client.free(PostMessage, "C0CASES"); at.After(clock.now()) {
		t.Error("another method waits")
	}
}

// S8, at assignment: each kind of user who decides nothing is known as what it is.
func TestS8WhoIsNoFullMember(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]slacktest.User{
		"":           {},
		"bot":        {Bot: true},
		"deleted":    {Deleted: true},
		"guest":      {Restricted: true},
		"stranger":   {Stranger: true},
		"other team": {Team: "T0OTHER"},
	} {
		u.ID, u.Name, u.Email = "U0WHO", "who", "who@example.org"
		_, client := workspace(t, newTick(), u)
		p, err := client.Member(t.Context(), "U0WHO")
		if err != nil || p.Unfit != want {
			t.Errorf("want %q, got %q, %v", want, p.Unfit, err)
		}
	}
	_, client := workspace(t, newTick(), slacktest.User{ID: "U0WHO", UltraRestricted: true})
	if p, err := client.Member(t.Context(), "U0WHO"); err != nil || p.Unfit != "guest" {
		t.Errorf("a guest of one channel is %q, %v", p.Unfit, err)
	}
}

// S14: whoever leaves is known to have left within a minute, and at once when
// Slack says that somebody changed.
func TestS14AMemberIsAskedAgainAfterAMinute(t *testing.T) {
	t.Parallel()
	clock := newTick()
	s, client := workspace(t, clock, ana())
	unfit := func() string {
		p, err := client.Member(t.Context(), "U0ANA")
		if err != nil {
			t.Fatal(err)
		}
		return p.Unfit
	}
	got := []string{unfit()}
	left := ana()
	left.Deleted = true
	s.SetUser(left)
	clock.forward(fresh - time.Second)
	got = append(got, unfit())
	clock.forward(time.Second)
	got = append(got, unfit())
	s.SetUser(ana())
	client.Forget("U0ANA")
	got = append(got, unfit())
	if want := []string{"", "", "deleted", ""}; !slices.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if n := len(s.Calls(UserInfo)); n != 3 {
		t.Errorf("Slack was asked %d times", n)
	}
}

// What Slack adds to messages by itself is asked not to be there, and an update
// always says which blocks stand.
func TestAMessageIsSentAsItIs(t *testing.T) {
	t.Parallel()
	s, client := workspace(t, newTick(), ana())
	stamp, err := client.Post(t.Context(), "C0CASES", "", "see https://example.org", nil)
	if err == nil {
		err = client.Update(t.Context(), "C0CASES", stamp, "now this", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	post, update := s.Calls(PostMessage)[0].Args, s.Calls(UpdateMessage)[0].Args
	if post["unfurl_links"] != "false" || post["unfurl_media"] != "false" {
		t.Errorf("posted with %v", post)
	}
	if update["blocks"] != "[]" {
		t.Errorf("updated with blocks %q", update["blocks"])
	}
	if m, ok := s.Message("C0CASES", stamp); !ok || m.Text != "now this" || len(s.Faults()) > 0 {
		t.Errorf("it says %q; %v", m.Text, s.Faults())
	}
}

func TestTheAddressOfTheAPI(t *testing.T) {
	t.Parallel()
	token := func() (string, error) { return theBot, nil }
	for api, good := range map[string]bool{"": true, "https://slack-gov.com/api/": true, "https://slack.com/api": true, "http://127.0.0.1:1/api": true,
		"http://slack.com/api/": false, "slack.com": false, "https://u:p@slack.com/": false, "https://slack.com/?x=1": false, "ftp://slack.com/": false} {
		_, err := NewClient(Connection{API: api, BotToken: token})
		if (err == nil) != good {
			t.Errorf("%q: %v", api, err)
		}
	}
	if _, err := NewClient(Connection{}); err == nil {
		t.Error("a client without a token")
	}
}
