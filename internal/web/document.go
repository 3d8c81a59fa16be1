package web

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// documentPage is one document of a case.
type documentPage struct {
	paperView
	CaseLink, File, Vendor string
	Rehearsal              bool
	Held                   *heldView
	Filed                  []paperEntry // as what it stands in the case
	Body                   template.HTML
	Plain                  string
	AsPlain                bool
	Summary                summaryView
	Hides                  bool // laid out, it would not show every word that counts
	PlainLink, MarkedLink  string
}

func documentLink(path, caseID, digest string) string {
	return path + "?" + url.Values{"case": {caseID}, "digest": {digest}}.Encode()
}

func (s *server) showDocument(w http.ResponseWriter, r *http.Request, me visitor) error {
	ctx, caseID, digest := r.Context(), r.FormValue("case"), r.FormValue("digest")
	if !isDigest(digest) || caseID == "" {
		return missing("document")
	}
	p, source, err := s.text(ctx, me, caseID, digest)
	if err != nil {
		return fmt.Errorf("opening the document: %w", err)
	}
	c, err := s.desk.Case(ctx, me.address(), caseID)
	if err != nil {
		return fmt.Errorf("opening the document's case: %w", err)
	}
	who, err := s.namesFor(ctx, me)
	if err != nil {
		return err
	}
	page := documentPage{paperView: p, CaseLink: caseLink(caseID), File: documentLink("/document/file", caseID, digest),
		Vendor: cut(s.desk.VendorName(ctx, c.Vendor)), Rehearsal: c.Rehearsal}
	page.Name = "Document"
	now := s.nowIn(&c)
	page.Held = who.held(&c, me, now)
	for _, d := range c.Documents {
		if d.Document == digest {
			e := who.document(caseID, d, me, now)
			e.Redline = redlineOf(&c, d)
			page.Filed = append(page.Filed, e)
			page.Name = human(d.Name)
			page.Version = d.Version
		}
	}
	if page.Summary, err = s.summaryOf(ctx, me, &c); err != nil {
		return err
	}
	if p.Unshown == "" && isSheet(p.Media) {
		if err := page.showsSheet(source, who); err != nil {
			return err
		}
	} else if p.Unshown == "" {
		marked := strings.HasPrefix(p.Media, "text/markdown") || looksMarked(source)
		page.AsPlain = !marked || r.FormValue("as") == "text"
		if marked {
			page.MarkedLink = documentLink("/document", caseID, digest)
			page.PlainLink = page.MarkedLink + "&as=text"
		}
		if !page.AsPlain {
			if page.Body, err = s.paper.render(source); err != nil {
				return fmt.Errorf("showing the document: %w", err)
			}
			if page.Hides = !showsAll(page.Body, source); page.Hides {
				page.AsPlain, page.MarkedLink, page.PlainLink = true, "", ""
			}
		}
		if page.AsPlain {
			page.Plain = strings.ToValidUTF8(string(source), "�")
		}
	}
	s.show(w, r, &me, http.StatusOK, "document", page.Name, page)
	return nil
}

func (s *server) downloadDocument(w http.ResponseWriter, r *http.Request, me visitor) error {
	caseID, digest := r.FormValue("case"), r.FormValue("digest")
	if !isDigest(digest) || caseID == "" {
		return missing("document")
	}
	c, err := s.desk.Case(r.Context(), me.address(), caseID)
	if err != nil {
		return fmt.Errorf("opening the document's case: %w", err)
	}
	paper, body, err := s.desk.Document(r.Context(), me.address(), caseID, digest)
	if err != nil {
		return fmt.Errorf("opening the document: %w", err)
	}
	defer func() { _ = body.Close() }() // only read
	s.send(w, paper, documentName(c, paper), body)
	return nil
}

// send gives a file away in a form that no browser runs: as an attachment, in a
// sandbox, with a type that says nothing but bytes or text.
func (s *server) send(w http.ResponseWriter, paper dossier.Paper, name string, body io.Reader) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.FormatInt(paper.Size, 10))
	if paper.Digest != "" {
		h.Set("Gangway-Digest", paper.Digest)
		h.Set("Gangway-Media", headerWord(paper.Media))
	}
	if _, err := io.Copy(w, body); err != nil {
		s.o.Log.Warn("sending a file ended early", "digest", paper.Digest, "error", err)
	}
}

func headerWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

// documentName makes a file name of what the document is in the case; nothing in
// it comes from whoever sent the file.
func documentName(c dossier.CaseView, p dossier.Paper) string {
	name := "document"
	i := slices.IndexFunc(c.Documents, func(d dossier.DocumentView) bool { return d.Document == p.Digest })
	if i >= 0 {
		name = c.Documents[i].Name
		if v := c.Documents[i].Version; v > 0 {
			name += "-v" + strconv.Itoa(v)
		}
	}
	return safeName(c.Vendor+"-"+name) + ending(p.Media)
}

// safeName keeps letters, digits and single hyphens.
func safeName(name string) string {
	name = strings.Trim(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(name, "-"), "-")
	if name == "" {
		return "file"
	}
	return name[:min(len(name), 80)]
}

// ending is the file name's ending for a media type that was sniffed; unknown
// ones get none that anything would open.
func ending(media string) string {
	kind, _, _ := strings.Cut(media, ";")
	switch strings.TrimSpace(kind) {
	case engagement.SheetMedia:
		return ".json"
	case "text/markdown":
		return ".md"
	case "application/pdf":
		return ".pdf"
	case "application/json":
		return ".json"
	case "application/zip":
		return ".zip"
	}
	if isText(media) {
		return ".txt" // HTML too: nothing runs it
	}
	return ".bin"
}

// downloadDossier sends a case's dossier. It is written to a temporary file
// first, so that a fault on the way is a page and not half a file.
func (s *server) downloadDossier(w http.ResponseWriter, r *http.Request, me visitor) error {
	return s.sendDossier(w, r, me.address().ID, pagesChannel, r.FormValue("case"))
}

func (s *server) sendDossier(w http.ResponseWriter, r *http.Request, person, channel, caseID string) error {
	if caseID == "" {
		return missing("case")
	}
	file, err := os.CreateTemp("", "gangway-dossier-*.zip")
	if err != nil {
		return fmt.Errorf("making room for the dossier: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // the system removes it as well
	defer func() { _ = file.Close() }()           // read to its end or given up
	who := visitor{}.address()
	who.Channel, who.ID = channel, person
	if err := s.desk.Dossier(r.Context(), who, caseID, file); err != nil {
		return fmt.Errorf("making the dossier: %w", err)
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("measuring the dossier: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading the dossier: %w", err)
	}
	s.send(w, dossier.Paper{Size: size}, "dossier-"+safeName(caseID)+".zip", file)
	return nil
}
