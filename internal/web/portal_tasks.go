package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/access"
	"gangway/internal/engagement"
)

// Pages of a delivery, in their order.
const (
	pageFiles = "files"
	pageAbout = "about"
	pageCheck = "check"
)

// taskView is one task as a guest sees it.
type taskView struct {
	Request, Link, Title, Ask, Missing string
	Asker, Phone                       string
	Asked, Due                         *instant
	Late, Rehearsal, Waits             bool
	State, Tone, Next                  string
	Others                             []string
	Drafting                           []begunRow
	Deliveries                         []deliveryView
}

// begunRow is a colleague who has begun to fill in the same form.
type begunRow struct {
	By string
	At *instant
}

// deliveryView is what was delivered once.
type deliveryView struct {
	Link, By, Answer   string
	At                 *instant
	ForVendor, Pending bool
	Papers             []paperRow
}

// paperRow is one document with what was found in it.
type paperRow struct {
	Name, Digest, Found string
	Fingerprint         string // of the digest the hexadecimal digits, as other programs print them
	Size                int64
	Notes               []string
	Earlier             bool
}

func taskLink(request, page string) string {
	v := url.Values{"id": {request}}
	if page != "" {
		v.Set("page", page)
	}
	return portalPath + "/task?" + v.Encode()
}

// wishLink leads to a form of the task that is no delivery, and opens it.
func wishLink(request, wish string) string {
	return portalPath + "/task?" + url.Values{"id": {request}, "for": {wish}}.Encode() + "#" + wish
}

func portalReceiptLink(request, answer string) string {
	return portalPath + "/receipt?" + url.Values{"task": {request}, "id": {answer}}.Encode()
}

// tasksPage is the list.
type tasksPage struct {
	Client, Vendor, Name  string
	Waiting, Theirs, Over []taskView
}

func (s *server) showTasks(w http.ResponseWriter, r *http.Request, g guest) error {
	if g.ofNeither() {
		return s.showOutside(w, r, g, http.StatusOK, outsideForm{})
	}
	tasks, err := s.o.Portal.PortalTasks(r.Context(), g.address())
	if err != nil {
		return fmt.Errorf("listing the vendor's tasks: %w", err)
	}
	wish := wishOf(r.FormValue("for"))
	page := tasksPage{Client: s.client(), Vendor: cut(s.desk.VendorName(r.Context(), g.Contact.Vendor)), Name: cut(g.Name)}
	for _, t := range tasks {
		var d portalDraft
		if t.State == access.TaskOpen {
			if d, err = g.draft(r, t.Request); err != nil {
				return err
			}
		}
		v := g.task(t, d.begun(), s.client())
		if wish != "" {
			v.Link = wishLink(t.Request, wish)
		}
		switch t.State {
		case access.TaskOpen:
			page.Waiting = append(page.Waiting, v)
		case access.TaskReceived:
			page.Theirs = append(page.Theirs, v)
		default:
			page.Over = append(page.Over, v)
		}
	}
	if wish != "" && len(page.Waiting) == 1 { // whoever has several says which
		http.Redirect(w, r, page.Waiting[0].Link, http.StatusSeeOther)
		return nil
	}
	s.showGuest(w, r, &g, http.StatusOK, "guest-tasks", "Your tasks", page)
	return nil
}

// task puts a task into words.
func (g guest) task(t access.VendorTask, begun bool, client string) taskView {
	v := taskView{Request: t.Request, Link: taskLink(t.Request, ""), Title: cut(t.Title), Ask: tidy(t.Ask), Missing: tidy(t.Missing),
		Asker: cut(t.Asker), Phone: cut(t.Phone), Asked: g.at(t.Asked, t.Now), Due: g.at(t.Due, t.Now), Rehearsal: t.Rehearsal, Waits: t.State == access.TaskOpen}
	v.Late = v.Waits && !t.Due.IsZero() && t.Now.After(t.Due)
	v.State, v.Tone, v.Next = taskWords(t.State, begun, client)
	for _, b := range t.Begun {
		v.Drafting = append(v.Drafting, begunRow{cut(b.By), g.at(b.At, g.s.o.Now())})
	}
	for _, name := range t.Others {
		v.Others = append(v.Others, cut(name))
	}
	for _, x := range t.Deliveries {
		v.Deliveries = append(v.Deliveries, g.delivery(t, x))
	}
	return v
}

// taskWords say where a task stands and what comes next.
func taskWords(state access.TaskState, begun bool, client string) (says, tone, next string) {
	switch state {
	case access.TaskOpen:
		next = "Once it is sent, " + client + " looks at it and tells you here and by mail whether something is missing."
		if begun {
			return "started, not sent", "warn", next
		}
		return "not started", "open", next
	case access.TaskReceived:
		return "with " + client, "open", client + " reads what you sent. You need do nothing; should something be missing, you get a mail with a list."
	case access.TaskSentBack:
		return "something was missing", "warn", "There is another task for what is missing."
	case access.TaskAccepted:
		return "accepted", "good", "Nothing more is needed for this."
	}
	return "no longer needed", "quiet", "You need do nothing."
}

func (g guest) delivery(t access.VendorTask, x access.Delivery) deliveryView {
	v := deliveryView{Link: portalReceiptLink(t.Request, x.Answer), Answer: cut(x.Answer), By: cut(x.By), At: g.at(x.At, g.s.o.Now()), ForVendor: x.ForVendor, Pending: x.Pending}
	for _, p := range x.Papers {
		v.Papers = append(v.Papers, paperRowOf(p.Name, p.Reading))
	}
	return v
}

// paperRowOf says what was found in a document.
func paperRowOf(name string, r engagement.Reading) paperRow {
	row := paperRow{Name: fileName(name), Digest: flat(r.Document), Fingerprint: flat(strings.TrimPrefix(r.Document, "sha256:")), Size: r.Size, Found: foundWords(r)}
	switch {
	case isSheet(r.Media):
		row.Name = "Your answers"
	case name == "":
		row.Name = "Document"
	}
	for _, f := range r.Flags {
		row.Notes = append(row.Notes, flagWords(f))
	}
	return row
}

// foundWords say what a document is, as far as a machine can tell.
func foundWords(r engagement.Reading) string {
	text := mediaWords(r.Media)
	if r.Pages > 0 {
		text += ", " + count(r.Pages, "page")
	}
	if r.Words > 0 {
		text += ", " + strconv.Itoa(r.Words) + " words"
	}
	return text
}

// findTask gives one of the guest's tasks.
func (s *server) findTask(r *http.Request, g guest, request string) (access.VendorTask, error) {
	if request == "" || !isPlain(request) {
		return access.VendorTask{}, nothingHere()
	}
	tasks, err := s.o.Portal.PortalTasks(r.Context(), g.address())
	if err != nil {
		return access.VendorTask{}, fmt.Errorf("looking for a task of the vendor: %w", err)
	}
	i := slices.IndexFunc(tasks, func(t access.VendorTask) bool { return t.Request == request })
	if i < 0 {
		return access.VendorTask{}, nothingHere()
	}
	return tasks[i], nil
}

// portalReceiptPage is what somebody keeps who delivered something.
type portalReceiptPage struct {
	Client, Vendor string
	Task           taskView
	Delivery       deliveryView
	Filled         *sheetView
}

func (s *server) showPortalReceipt(w http.ResponseWriter, r *http.Request, g guest) error {
	t, err := s.findTask(r, g, r.FormValue("task"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(t.Deliveries, func(d access.Delivery) bool { return d.Answer == r.FormValue("id") })
	if i < 0 {
		return plainFault{http.StatusNotFound, "there is no receipt with this number", "go to your tasks: what you sent stands there, or will in a moment"}
	}
	var filled *sheetView
	if t.Sheet {
		sheets, err := s.o.Portal.PortalSheets(r.Context(), g.address(), t.Request)
		if err != nil {
			return fmt.Errorf("looking for what was answered: %w", err)
		}
		for _, f := range sheets {
			if holds(t.Deliveries[i], f.Digest) {
				v := filledOf(g, t, f)
				filled = &v
			}
		}
	}
	s.showPortalReceiptOf(w, r, g, t, t.Deliveries[i], filled)
	return nil
}

func (s *server) showPortalReceiptOf(w http.ResponseWriter, r *http.Request, g guest, t access.VendorTask, d access.Delivery, filled *sheetView) {
	page := portalReceiptPage{Client: s.client(), Vendor: cut(s.desk.VendorName(r.Context(), g.Contact.Vendor)), Task: g.task(t, false, s.client()), Delivery: g.delivery(t, d), Filled: filled}
	s.showGuest(w, r, &g, http.StatusOK, "guest-receipt", "Receipt", page)
}
