package slacktest

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// largestForm is one that a page sends, in bytes.
const largestForm = 1 << 20

// asked is what Slack asks before it sends a click.
type asked struct {
	Title, Yes, No string
	Lines          []styled
	Back           string
	Fields         [][2]string // of the form that asks again
}

// acting does what a form asks for, and leads back to where it stood.
func (p *viewer) acting(act func(User, *http.Request) (*asked, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" {
			http.Error(w, "a form is sent in the body, and no larger than 1 MB", http.StatusBadRequest)
			return
		}
		u, found := p.somebody(w, r)
		if !found {
			return
		}
		back := backTo(u, r)
		q, err := act(u, r)
		if err != nil {
			p.show(w, http.StatusConflict, "refused.html", struct{ Back, Why string }{back, err.Error()})
			return
		}
		if q != nil {
			q.Back = back
			p.show(w, http.StatusOK, "sure.html", q)
			return
		}
		p.settle(r)
		http.Redirect(w, r, back, http.StatusSeeOther)
	}
}

// backTo is the page that a form stood on: a conversation, or the home tab.
func backTo(u User, r *http.Request) string {
	channel := r.PostForm.Get("channel")
	if channel == "" {
		channel = r.PostForm.Get("back")
	}
	if channel == "" {
		return "home?user=" + url.QueryEscape(u.ID)
	}
	return "in?user=" + url.QueryEscape(u.ID) + "&channel=" + url.QueryEscape(channel)
}

// A page waits for what comes of a click until nothing came for a while, and not
// for ever.
const (
	quietFor = 250 * time.Millisecond
	atMost   = 1500 * time.Millisecond
)

func (p *viewer) settle(r *http.Request) {
	end := time.After(atMost)
	for {
		changed, _ := p.s.Changed()
		select {
		case <-changed:
		case <-time.After(quietFor):
			return
		case <-end:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// click is one at a button, or a choice in a menu. What asks first is asked first.
func (p *viewer) click(u User, r *http.Request) (*asked, error) {
	form := r.PostForm
	channel, ts, view := form.Get("channel"), form.Get("ts"), form.Get("view")
	b := board{s: p.s, as: u.ID, channel: channel, ts: ts, view: view}
	v, there := b.look()
	action := form.Get("block") + "\n" + form.Get("action")
	_, e := blockOf(v.Blocks, action)
	if !there || e == nil {
		return nil, errors.New("this is not there any more: it was updated meanwhile")
	}
	if c, asks := e["confirm"].(map[string]any); asks && form.Get("sure") != "yes" {
		q := &asked{Title: rawText(c["title"]), Yes: rawText(c["confirm"]), No: rawText(c["deny"]), Lines: p.styled(c["text"])}
		for _, name := range []string{"user", "channel", "ts", "view", "block", "action", "back"} {
			q.Fields = append(q.Fields, [2]string{name, form.Get(name)})
		}
		for _, value := range form["value"] {
			q.Fields = append(q.Fields, [2]string{"value", value})
		}
		return q, nil
	}
	var err error
	if view != "" {
		_, err = p.s.ClickView(u.ID, view, action, form["value"]...)
	} else {
		_, err = p.s.Click(u.ID, channel, ts, action, form["value"]...)
	}
	return nil, err
}

// submit sends a modal: its fields are named by block, those that are empty too.
func (p *viewer) submit(u User, r *http.Request) (*asked, error) {
	values := url.Values{}
	for _, block := range r.PostForm["has"] {
		values[block] = []string{}
		for _, value := range r.PostForm["in:"+block] {
			values[block] = append(values[block], strings.ReplaceAll(value, "\r\n", "\n"))
		}
	}
	_, err := p.s.Submit(u.ID, r.PostForm.Get("view"), values)
	return nil, err
}

func (p *viewer) closeModal(u User, r *http.Request) (*asked, error) {
	open := p.s.Views(u.ID)
	if len(open) == 0 || open[len(open)-1].ID != r.PostForm.Get("view") {
		return nil, errors.New("this form is not on top any more")
	}
	_, err := p.s.CloseView(u.ID)
	return nil, err
}

// slash sends a command as it was written: /vendor waiting.
func (p *viewer) slash(u User, r *http.Request) (*asked, error) {
	command, text, _ := strings.Cut(strings.TrimSpace(r.PostForm.Get("command")), " ")
	if !strings.HasPrefix(command, "/") || len(command) < 2 {
		return nil, errors.New("a command begins with a slash, as /vendor does")
	}
	_, err := p.s.Slash(u.ID, r.PostForm.Get("channel"), command, strings.TrimSpace(text))
	return nil, err
}

// open is a look at the home tab: the app hears of it.
func (p *viewer) open(u User, _ *http.Request) (*asked, error) {
	_, err := p.s.OpenHome(u.ID)
	return nil, err
}
