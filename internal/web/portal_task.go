package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// taskPage is one task, or one page of the delivery that answers it.
type taskPage struct {
	taskView
	Client   string
	Page     string // empty: what the task is
	Files    []paperRow
	Refused  []refusedRow
	Instead  bool
	Told     bool
	Why      string
	Note     string
	Earlier  []earlierRow
	Wrong    string
	Faulty   *faultyList
	WrongAt  string // the page on which it is put right
	Begun    bool
	Complete bool
	Unlike   string // what the files look like, where that is not what a delivery needs
	Nonce    string
	Nonces   map[string]string
	Act      portalAct
	ActWrong string
	Said     string // what was done just now
	Form     *formPage
	Received *receivedView
	Unsent   []formRow // what was filled in here, of a form that somebody else sent
}

type refusedRow struct{ Name, Why string }

type earlierRow struct {
	paperRow
	Title string
	On    *instant
	Taken bool
}

func (s *server) showTask(w http.ResponseWriter, r *http.Request, g guest) error {
	return s.renderTask(w, r, g, http.StatusOK, r.FormValue("id"), r.FormValue("page"), func(p *taskPage) { p.Act.Kind = wishOf(r.FormValue("for")) })
}

// renderTask shows a task, or a page of its delivery; change puts in what is
// shown of a form that was not taken.
func (s *server) renderTask(w http.ResponseWriter, r *http.Request, g guest, status int, request, name string, change func(*taskPage)) error {
	t, err := s.findTask(r, g, request)
	if err != nil {
		return err
	}
	var d portalDraft
	if t.State == access.TaskOpen {
		if d, err = g.draft(r, request); err != nil {
			return err
		}
	}
	page := taskPage{taskView: g.task(t, d.begun(), s.client()), Received: g.received(t), Client: s.client(), Instead: d.Instead, Told: d.Told, Why: d.Why, Note: d.Note, Begun: d.begun(), Nonce: newNonce(),
		Nonces: map[string]string{}, Said: doneWords(r.FormValue("done"), r.Method)}
	for _, kind := range []string{actHandOn, actNotMe, actAskBack, actRetire} {
		page.Nonces[kind] = newNonce()
	}
	if at, _ := formPageOf(t.Points, name); page.Waits && (name == pageCheck || t.Sheet && at >= 0 || !t.Sheet && (name == pageFiles || name == pageAbout)) && (t.Sheet || page.Received == nil) {
		page.Page = name
	}
	if page.Form, err = g.formOf(r, t, d, page.Page); err != nil {
		return err
	}
	if page.Unsent, err = g.unsent(r, t); err != nil {
		return err
	}
	for _, f := range d.files() {
		row := paperRowOf(f.Name, f.Reading)
		row.Earlier = slices.ContainsFunc(d.Again, func(x draftFile) bool { return x.Document == f.Document })
		page.Files = append(page.Files, row)
	}
	for _, f := range d.Refused {
		page.Refused = append(page.Refused, refusedRow{fileName(f.Name), faultWords(f.Fault)})
	}
	page.Wrong, page.WrongAt = d.missingOf(t)
	page.Complete = page.Wrong == ""
	if page.Page == pageFiles {
		if page.Earlier, err = g.earlier(r, t, d); err != nil {
			return err
		}
	}
	if page.Page != pageCheck {
		page.Wrong, page.WrongAt = "", ""
	} else if t.Sheet {
		wrongs, _ := d.wrongLines(t.Points)
		page.Faulty = faultyPages(t.Request, t.Points, wrongs)
	}
	if change != nil {
		change(&page)
	}
	title := page.Title
	if page.Page != "" {
		title = page.pageTitle() + ": " + title
	}
	s.showGuest(w, r, &g, status, "guest-task", title, page)
	return nil
}

func (p taskPage) pageTitle() string {
	switch {
	case p.Page == pageFiles:
		return "Add the files"
	case p.Page == pageAbout:
		return "Say what they are"
	case p.Page != pageCheck && p.Form != nil:
		return "Page " + strconv.Itoa(p.Form.Number) + " of " + strconv.Itoa(len(p.Form.Steps))
	}
	return "Check and send"
}

// earlier lists what was delivered to the same ask before.
func (g guest) earlier(r *http.Request, t access.VendorTask, d portalDraft) ([]earlierRow, error) {
	list, err := g.s.o.Portal.Earlier(r.Context(), g.address(), t.Request)
	if err != nil {
		return nil, fmt.Errorf("listing what was delivered before: %w", err)
	}
	var rows []earlierRow
	for _, e := range list {
		rows = append(rows, earlierRow{paperRow: paperRowOf(e.Name, e.Reading), Title: cut(e.Title), On: g.at(e.On, t.Now),
			Taken: slices.ContainsFunc(d.files(), func(f draftFile) bool { return f.Document == e.Document })})
	}
	return rows, nil
}

// waiting gives a task that can still be answered.
func (s *server) waiting(r *http.Request, g guest, request string) (access.VendorTask, error) {
	t, err := s.findTask(r, g, request)
	if err == nil && t.State != access.TaskOpen {
		err = plainFault{http.StatusConflict, "this does not wait for you any more", "your tasks say where it stands; what you wrote is below"}
	}
	return t, err
}

// takeFiles reads the files of a form one after the other, keeps those that can
// be taken, and leads to the page that says what was found in each.
func (s *server) takeFiles(w http.ResponseWriter, r *http.Request, g guest) error {
	request, ready, next := "", false, pageFiles
	var d portalDraft
	var t access.VendorTask
	begin := func(fields url.Values) error {
		if ready {
			return nil
		}
		request = fields.Get("task")
		var err error
		if t, err = s.waiting(r, g, request); err == nil {
			d, err = g.draft(r, request)
		}
		if t.Sheet {
			next = fields.Get("page")
		}
		d.Refused, ready = nil, err == nil
		return err
	}
	fields, files, err := readFiles(w, r, func(fields url.Values, f incoming) error {
		if err := begin(fields); err != nil {
			return err
		}
		if t.Sheet && next == pageForm {
			return takeFormFile(t, &d, f)
		}
		if len(d.files()) >= maxKeptFiles {
			return plainFault{http.StatusRequestEntityTooLarge, "one delivery has at most twenty files", "take some out, or send these first"}
		}
		reading, err := s.takeFile(r, g, request, f)
		if err != nil {
			return err
		}
		if reading.Fault != "" {
			d.Refused = append(d.Refused, refusedFile{f.Name, reading.Fault})
			return nil
		}
		d.uploads = append(d.uploads, draftFile{f.Name, reading})
		return d.takesFile(t, next, f.Name, reading)
	})
	if err == nil {
		err = begin(fields)
	}
	if ready && files > 0 { // what came before a fault is not lost
		if kept := g.keep(r, request, d); kept != nil && err == nil {
			err = kept
		}
	}
	if err != nil {
		return s.formFault(w, r, g, request, err)
	}
	if t.Sheet && next == pageForm {
		if next = ""; files > 0 {
			next = pageCheck
		}
	}
	if files == 0 {
		return s.renderTask(w, r, g, http.StatusUnprocessableEntity, request, next, func(p *taskPage) {
			if p.Wrong = "Pick a file first."; next == "" {
				p.ActWrong = p.Wrong
			}
		})
	}
	http.Redirect(w, r, taskLink(request, next)+"#found", http.StatusSeeOther)
	return nil
}

// takesFile puts a document at the line of a form that it was sent for.
func (d *portalDraft) takesFile(t access.VendorTask, page, name string, reading engagement.Reading) error {
	if !t.Sheet {
		return nil
	}
	at, lines := formPageOf(t.Points, page)
	if at < 0 || kindOf(t.Points[lines[0]]) != engagement.PointFile {
		return badForm("the form is of no page of ours")
	}
	id := t.Points[lines[0]].ID
	d.Form.put(id, []string{reading.Document})
	d.Form.called(reading.Document, name)
	d.Form.Taken = slices.DeleteFunc(d.Form.Taken, func(x string) bool { return x == id })
	return nil
}

// takeFile has one file read. One that is too large is said to be so, like any
// other fault of a file.
func (s *server) takeFile(r *http.Request, g guest, request string, f incoming) (engagement.Reading, error) {
	reading, err := s.o.Portal.PortalUpload(r.Context(), g.address(), request, f.Name, f.Declared, f)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large) && large.Limit == maxUpload:
		return engagement.Reading{Fault: engagement.FaultTooLarge}, nil
	case err != nil:
		return engagement.Reading{}, fmt.Errorf("taking a file of the vendor: %w", err)
	}
	return reading, nil
}

// saveDraft keeps what a page of the delivery says and leads to the next.
func (s *server) saveDraft(w http.ResponseWriter, r *http.Request, g guest) error {
	get := r.PostForm.Get
	request := get("task")
	t, err := s.waiting(r, g, request)
	if err != nil {
		return err
	}
	d, err := g.draft(r, request)
	if err != nil {
		return err
	}
	if t.Sheet {
		if get("page") == pageBefore {
			return s.takeBefore(w, r, g, t, d, get("digest"))
		}
		d.Refused = nil
		return s.saveForm(w, r, g, t, d, get("page"))
	}
	next := ""
	switch get("page") {
	case pageFiles:
		d.Refused, next = nil, pageAbout
		switch {
		case get("drop") != "":
			next = pageFiles
			if err := g.drop(r, request, &d, get("drop")); err != nil {
				return err
			}
		case get("again") != "":
			next = pageFiles
			if err := g.reuse(r, t, &d, get("again")); err != nil {
				return err
			}
		}
	case pageAbout:
		d.Told, d.Instead, next = get("instead") != "", get("instead") == "yes", pageCheck
		d.Why, d.Note = tidy(get("why")), tidy(get("note"))
		if wrong, at := d.missing(); at == pageAbout && wrong != "" {
			if err := g.keepShort(r, request, d); err != nil {
				return err
			}
			return s.renderTask(w, r, g, http.StatusUnprocessableEntity, request, pageAbout, func(p *taskPage) {
				p.Wrong, p.Told, p.Instead, p.Why, p.Note = wrong, d.Told, d.Instead, d.Why, d.Note
			})
		}
	default:
		return badForm("the form is of no page of ours")
	}
	if err := g.keep(r, request, d); err != nil {
		return err
	}
	if get("later") != "" {
		next = ""
	}
	to := taskLink(request, next)
	if next == "" {
		to += "&done=saved"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// keepShort keeps a draft that has something wrong with it, unless its size is
// what is wrong.
func (g guest) keepShort(r *http.Request, request string, d portalDraft) error {
	err := g.keep(r, request, d)
	var own plainFault
	if errors.As(err, &own) {
		return nil
	}
	return err
}

// reuse takes a document that was delivered before.
func (g guest) reuse(r *http.Request, t access.VendorTask, d *portalDraft, digest string) error {
	list, err := g.s.o.Portal.Earlier(r.Context(), g.address(), t.Request)
	if err != nil {
		return fmt.Errorf("looking for what was delivered before: %w", err)
	}
	i := slices.IndexFunc(list, func(e access.Earlier) bool { return e.Document == digest })
	if i < 0 {
		return nothingHere()
	}
	if len(d.files()) < maxKeptFiles {
		d.Again = append(d.Again, draftFile{fileName(list[i].Name), list[i].Reading})
	}
	return nil
}

// drop takes a file out.
func (g guest) drop(r *http.Request, request string, d *portalDraft, digest string) error {
	d.Again = slices.DeleteFunc(d.Again, func(f draftFile) bool { return f.Document == digest })
	if !slices.ContainsFunc(d.uploads, func(f draftFile) bool { return f.Document == digest }) {
		return nil
	}
	if err := g.s.o.Portal.PortalDrop(r.Context(), g.address(), request, digest); err != nil {
		return fmt.Errorf("taking a file out: %w", err)
	}
	return nil
}

// sendDelivery sends what was put together.
func (s *server) sendDelivery(w http.ResponseWriter, r *http.Request, g guest) error {
	request, nonce := r.PostForm.Get("task"), r.PostForm.Get("nonce")
	if !isNonce(nonce) {
		return badForm("the form has lost its number")
	}
	t, err := s.findTask(r, g, request)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(t.Deliveries, func(d access.Delivery) bool { return d.Answer == nonce }) { // sent twice
		http.Redirect(w, r, portalReceiptLink(request, nonce), http.StatusSeeOther)
		return nil
	}
	d, err := g.draft(r, request)
	if err != nil {
		return err
	}
	again := func(status int, wrong, at string) error {
		return s.renderTask(w, r, g, status, request, pageCheck, func(p *taskPage) { p.Wrong, p.WrongAt = wrong, at })
	}
	if !d.begun() { // sent a moment ago: it goes with what was sent
		return again(http.StatusUnprocessableEntity, "Nothing is filled in here. If you have just sent it, it is being recorded: look at the task again in a moment.", "")
	}
	if t.Sheet {
		if d.Note = tidy(r.PostForm.Get("note")); g.keepShort(r, request, d) != nil {
			return again(http.StatusServiceUnavailable, "This can’t be taken just now. Try again in a moment.", "")
		}
	}
	if wrong, at := d.missingOf(t); wrong != "" {
		return again(http.StatusUnprocessableEntity, wrong, at)
	}
	form := d.form(nonce, request)
	if t.Sheet {
		form = d.formAnswer(nonce, t)
	}
	out, err := s.o.Portal.Answer(r.Context(), form.Answer(g.address(), s.o.Now()))
	if err != nil { // it may have been taken: the same number is sent again
		told := s.report(r, err)
		return s.renderTask(w, r, g, told.Status, request, pageCheck, func(p *taskPage) {
			p.Wrong, p.Nonce = sentence(portalFault(err, told)), told.number(nonce)
		})
	}
	if !out.OK() {
		return again(http.StatusUnprocessableEntity, portalRefusal(out.Refusal), "")
	}
	return s.sent(w, r, g, t, d, form, out.Status == review.Pending)
}

// sent leads to the receipt. Where the record does not show the delivery yet, the
// receipt stands on this page, from what was sent.
func (s *server) sent(w http.ResponseWriter, r *http.Request, g guest, t access.VendorTask, d portalDraft, form review.Form, pending bool) error {
	nonce := form.ID
	now, err := s.findTask(r, g, t.Request)
	if err == nil && slices.ContainsFunc(now.Deliveries, func(x access.Delivery) bool { return x.Answer == nonce }) {
		http.Redirect(w, r, portalReceiptLink(t.Request, nonce), http.StatusSeeOther)
		return nil
	}
	x := access.Delivery{Answer: nonce, At: s.o.Now(), By: g.Name, Pending: pending}
	for _, f := range d.files() {
		if slices.Contains(form.Documents, f.Document) {
			x.Papers = append(x.Papers, access.SentPaper{Name: f.Name, Reading: f.Reading})
		}
	}
	if t.Sheet {
		paper, err := sheetPaper(t, form)
		if err != nil {
			return err
		}
		x.Papers = append(x.Papers, paper)
	}
	t.State = access.TaskReceived
	s.showPortalReceiptOf(w, r, g, t, x, nil)
	return nil
}
