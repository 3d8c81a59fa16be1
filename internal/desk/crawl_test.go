package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// inside stands in everything of the case that is not for the vendor.
const inside = "iNsIdE"

// crawler calls every verb of the desk as somebody who may call none but those of
// the reception.
type crawler struct {
	*lobby
	who     review.Address
	pair    [2]string // what strings are tried with
	turn    int
	id      *int
	written strings.Builder
}

// word is one of two in turn, so that every pair comes up.
func (c *crawler) word() string {
	c.turn++
	return c.pair[c.turn%2]
}

// value makes an argument; structs are filled by what their fields are called.
func (c *crawler) value(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[context.Context]():
		return reflect.ValueOf(c.t.Context())
	case t == reflect.TypeFor[review.Address]():
		return reflect.ValueOf(c.who)
	case t == reflect.TypeFor[time.Time]():
		return reflect.ValueOf(monday().Add(time.Duration(c.turn) * time.Hour))
	case t == reflect.TypeFor[io.Reader]():
		return reflect.ValueOf(strings.NewReader("# Heading\n\nA clause.\n"))
	case t == reflect.TypeFor[io.Writer]():
		return reflect.ValueOf(&c.written)
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(c.word())
	case reflect.Int:
		v.SetInt(5)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || f.Type == reflect.TypeFor[review.Person]() {
				continue
			}
			v.Field(i).Set(c.value(f.Type))
			if f.Name == "ID" && f.Type.Kind() == reflect.String {
				*c.id++
				v.Field(i).SetString(fmt.Sprintf("crawl-%d", *c.id))
			}
		}
	case reflect.Func:
		v.Set(reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
			for _, a := range args {
				c.show(a)
			}
			return []reflect.Value{reflect.Zero(t.Out(0))}
		}))
	}
	return v
}

// show writes down what was given.
func (c *crawler) show(v reflect.Value) {
	switch x := v.Interface().(type) {
	case nil:
	case error:
		c.written.WriteString(x.Error())
	case io.ReadCloser:
		text, err := io.ReadAll(x)
		if err == nil {
			c.written.Write(text)
		}
	default:
		text, err := json.Marshal(x)
		if err != nil {
			c.t.Error(err)
		}
		c.written.Write(text)
		fmt.Fprintf(&c.written, "%+v", x)
	}
}

// TestAContactReachesNothingInside calls every verb that takes an address, as a
// contact in every channel, with everything that could be meant.
func TestAContactReachesNothingInside(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	secret := must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader("# "+inside+"\n\nOurs.\n")))
	decision := l.asks(l.root, "sign-off", "lena", "sam")
	a := approve("a-lena", "lena", decision)
	a.Text.Inside, a.Documents = inside+" she thinks", []string{secret.Digest}
	same(t, "lena", review.Counted, l.answers(a).Status)
	other := l.opens("onboarding/acme/7", calendar.Anchor{})
	l.asks(other, "sign-off", "dora")
	ok(t, l.desk.Note(t.Context(), review.Note{ID: "n-1", Kind: review.NoteComment, Case: "dpa/acme/1", Request: decision, At: monday(), From: from("sam"), Text: review.Text{Inside: inside}}))
	before := len(l.engine.calls)
	people := must[[]playbook.Person](t)(l.desk.People(t.Context(), from("olga")))

	words := []string{"dpa/acme/1", decision, l.ask, secret.Digest, "lena", "acme.1", "a-lena", "n-1", "vendor@elsewhere.example"}
	verbs := reflect.TypeFor[*Desk]()
	called, ids := 0, 0
	for _, who := range []review.Address{portal(l.ann), mailFrom(l.ann), {Channel: "web", ID: l.ann.ID}, {Channel: "cli", ID: l.ann.ID}, {Channel: "slack", ID: l.ann.ID},
		{Channel: "portal", ID: "lena"}, {Channel: "portal", ID: "olga"}, {Channel: "portal", ID: l.ann.Mail}, {Channel: "smoke", ID: "olga"}} {
		c := &crawler{lobby: l, who: who, id: &ids}
		for i := range verbs.NumMethod() {
			m := verbs.Method(i)
			if !speaks(m.Type) || m.Name == "NotMe" || m.Name == "People" && who.ID == "" {
				continue // NotMe ends the contact
			}
			for k := range len(words) * len(words) {
				c.pair, c.turn = [2]string{words[k%len(words)], words[k/len(words)]}, 0
				args := []reflect.Value{reflect.ValueOf(l.desk)}
				for k := 1; k < m.Type.NumIn(); k++ {
					args = append(args, c.value(m.Type.In(k)))
				}
				for _, out := range m.Func.Call(args) {
					c.show(out)
				}
				called++
			}
			if strings.Contains(c.written.String(), inside) {
				t.Errorf("%s shows %v what is inside: %.500s", m.Name, who, c.written.String())
			}
			c.written.Reset()
		}
	}
	if called < 1000 {
		t.Errorf("only %d calls were made", called)
	}
	for _, call := range l.engine.calls[before:] {
		if !strings.Contains(call, " answer crawl-") && !strings.Contains(call, " people ") && !strings.Contains(call, " act ") {
			t.Errorf("a contact reached the engine: %s", call)
		}
	}
	same(t, "decisions", 1, len(l.root.find(decision).Ballots))
	same(t, "people", people, must[[]playbook.Person](t)(l.desk.People(t.Context(), from("olga"))))
	same(t, "cases started", 0, len(l.engine.starts))
}

// speaks reports whether a verb takes who asks: by itself, or in a struct.
func speaks(m reflect.Type) bool {
	for i := range m.NumIn() {
		in := m.In(i)
		if in == reflect.TypeFor[review.Address]() {
			return true
		}
		if in.Kind() == reflect.Struct {
			if f, has := in.FieldByName("From"); has && f.Type == reflect.TypeFor[review.Address]() {
				return true
			}
		}
	}
	return false
}

// TestAContactSignsInNowhere: no link, no code, no ticket of theirs opens a page of
// the client's people.
func TestAContactSignsInNowhere(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	ticket := l.link(l.ann, l.ask)
	for _, ask := range []access.CodeWanted{{Ticket: ticket}, {Mail: l.ann.Mail}} {
		same(t, "mailed", "", l.mails(l.desk, ask))
	}
	session := l.enters(ticket)
	_, _, err := l.desk.SignedIn(t.Context(), session)
	missing(t, err)
	_, _, err = l.desk.TokenOf(t.Context(), session)
	missing(t, err)
	_, _, _, err = l.desk.EnterByLink(t.Context(), ticket, "x")
	missing(t, err)
	_, err = l.desk.PortalIn(t.Context(), ticket) // the link is no session
	missing(t, err)
	same(t, "letters", 0, len(l.letters(outbox.SignIn)))
}
