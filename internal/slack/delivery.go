package slack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// DeliveryKind is what sort of thing Slack delivers.
type DeliveryKind string

// Kinds of deliveries: what people press and submit, a slash command, and what
// Slack says of itself.
const (
	Interactive DeliveryKind = "interactive"
	Command     DeliveryKind = "command"
	Event       DeliveryKind = "event"
)

// MaxBody bounds a delivery, in bytes. The largest of ours is the submission of
// the intake form: at most 100 blocks with 3,000 characters each (Slack, "View
// object" and "Plain-text input"), and forms stay far below that.
const MaxBody = 1 << 20

// Delivery is one thing that Slack brought, whichever way it came.
type Delivery struct {
	Kind DeliveryKind
	// Body is JSON: what Socket Mode carries as a payload, and what signed HTTP
	// carries in the form field payload, as a command's form, or as it is.
	Body []byte
	// ID is the transport's own name of the delivery: an envelope's id. Empty
	// where it has none; what is delivered again is known by its body too.
	ID string
	// Retry counts deliveries of the same before this one, as Slack says.
	Retry int
	// At is when it arrived; zero: now.
	At time.Time
}

// key names what was delivered, so that the same is not taken twice: each body
// carries an id of Slack's own (trigger, action time, event) that no other has.
func (d Delivery) key() string {
	sum := sha256.Sum256(append([]byte(string(d.Kind)+":"), d.Body...))
	return hex.EncodeToString(sum[:])
}

// Reply is what the transport acknowledges with.
type Reply struct {
	// Body is JSON, or nothing.
	Body []byte
	// Lost: nothing was taken because the process ends; it must not be
	// acknowledged, so that Slack brings it to another process.
	Lost bool
}

// MalformedError says that a delivery can't be read. It is for the log: what
// Slack sends can always be read.
type MalformedError struct{ Why string }

// Error is why.
func (e MalformedError) Error() string { return "the delivery can't be read: " + e.Why }

// Invalid marks the error as the sender's.
func (MalformedError) Invalid() bool { return true }

// member is who did something, as the delivery says: by ids alone. App is whose
// delivery it is.
type member struct {
	app, team, enterprise, user string
}

// check refuses ids that are missing, too long or of another form: a delivery
// without a user reads well and would be nobody's.
func (m member) check() error {
	for _, id := range []struct{ name, value string }{{"app", m.app}, {"team", m.team}, {"user", m.user}} {
		if !isID(id.value) {
			return MalformedError{"it names no " + id.name}
		}
	}
	return nil
}

// mostSlackID bounds an id of Slack's, which has eleven characters today.
const mostSlackID = 32

// isID reports whether it has the form of an id of Slack's: capitals and digits.
func isID(id string) bool {
	for i := range len(id) {
		if c := id[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(id) >= 2 && len(id) <= mostSlackID
}

// readInteraction reads what somebody pressed or submitted. A user of another
// workspace than the one that delivers is kept as of theirs, so that the check of
// workspaces sees it.
func readInteraction(body []byte) (slack.InteractionCallback, member, error) {
	var c slack.InteractionCallback
	err := readJSON(body, &c)
	if err != nil {
		return c, member{}, err
	}
	m := member{app: c.APIAppID, team: c.Team.ID, enterprise: c.Enterprise.ID, user: c.User.ID}
	if c.User.TeamID != "" {
		m.team = c.User.TeamID
	}
	return c, m, m.check()
}

// readCommand reads a slash command.
func readCommand(body []byte) (slack.SlashCommand, member, error) {
	var c slack.SlashCommand
	err := readJSON(body, &c)
	if err != nil {
		return c, member{}, err
	}
	m := member{app: c.APIAppID, team: c.TeamID, enterprise: c.EnterpriseID, user: c.UserID}
	return c, m, m.check()
}

// happening is an event as Slack wraps it ("Events API", outer event). The inner
// event is read by its kind alone, since there are more kinds than we know.
type happening struct {
	Type  string          `json:"type"`
	App   string          `json:"api_app_id"`
	Team  string          `json:"team_id"`
	ID    string          `json:"event_id"`
	Event json.RawMessage `json:"event"`
	// Challenge is what url_verification wants back.
	Challenge string `json:"challenge"`

	// What is read of the inner event.
	kind, user, tab, channel string
	deleted                  bool
}

// readEvent reads an event. What it is about may be missing: retired and empty
// inner events are taken and ignored.
func readEvent(body []byte) (happening, error) {
	var h happening
	err := readJSON(body, &h)
	if err != nil {
		return h, err
	}
	var inner struct {
		Type    string          `json:"type"`
		User    json.RawMessage `json:"user"` // an id, or the user
		Tab     string          `json:"tab"`
		Channel json.RawMessage `json:"channel"`
	}
	if json.Unmarshal(h.Event, &inner) != nil {
		return h, nil
	}
	h.kind, h.tab = inner.Type, inner.Tab
	_ = json.Unmarshal(inner.Channel, &h.channel) // an object in some events: then there is none
	if json.Unmarshal(inner.User, &h.user) != nil {
		var whole struct {
			ID      string `json:"id"`
			Deleted bool   `json:"deleted"`
		}
		if json.Unmarshal(inner.User, &whole) == nil {
			h.user, h.deleted = whole.ID, whole.Deleted
		}
	}
	return h, nil
}

// readJSON reads one JSON object of bounded size and nothing behind it.
func readJSON(body []byte, into any) error {
	if len(body) > MaxBody {
		return MalformedError{"it is too large"}
	}
	if !utf8.Valid(body) {
		return MalformedError{"it is no UTF-8"}
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return MalformedError{"it is no object"}
	}
	err := json.Unmarshal(body, into)
	if err != nil {
		// Without the error itself: it may quote what the body says.
		return MalformedError{fmt.Sprintf("it is no delivery that we know (%T)", err)}
	}
	return nil
}

// formPayload is the JSON in the form field payload, which must be there once and
// alone: what is smuggled in beside it is nobody's.
func formPayload(body []byte) ([]byte, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, MalformedError{"its form can't be read"}
	}
	if len(form) != 1 || len(form["payload"]) != 1 || form.Get("payload") == "" {
		return nil, MalformedError{"its form is not one payload"}
	}
	return []byte(form.Get("payload")), nil
}

// formCommand is a command's form as Socket Mode would carry it: an object of
// texts, each there once.
func formCommand(body []byte) ([]byte, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, MalformedError{"its form can't be read"}
	}
	fields := make(map[string]string, len(form))
	for name, values := range form {
		if len(values) != 1 {
			return nil, MalformedError{"its form says something twice"}
		}
		fields[name] = values[0]
	}
	packed, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("packing a command: %w", err)
	}
	return packed, nil
}
