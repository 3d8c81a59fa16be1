package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// nasty are names as somebody could give them.
func nasty() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, "{{.Page}}", "javascript:alert(1)",
		"\u202Egnp.exe\u202C", "\u2067rtl\u200F", "a\x00b\x1b[31m\r\nSet-Cookie: x=1", strings.Repeat("W", 10_000), strings.Repeat("é\u0301", 5_000), "\xff\xfe", "",
	}
}

// TestHostileNames puts hostile names everywhere that people or a playbook can
// write, and looks at every page.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)<script|<img src=x|\sonmouseover='|href="javascript`)
	for _, name := range nasty() {
		post := &postbag{letters: letters()}
		for i := range post.letters {
			post.letters[i].Fault, post.letters[i].ID = name, name
		}
		s := newSite(t, func(o *Options) { o.Post = post })
		s.desk.chores()
		for i := range s.desk.people {
			s.desk.people[i].Name = name
			s.desk.people[i].Roles = []string{name}
		}
		s.desk.people[0].Roles = append(s.desk.people[0].Roles, playbook.OperatorRole)
		s.desk.correction = playbook.Correction{Added: []playbook.Step{{ID: name, Title: name}}, Dropped: []playbook.Step{{ID: name}}, Digest: name}
		s.desk.named = []string{name}
		c := s.desk.cases[0]
		c.Vendor, c.Stage, c.Playbook = name, name, name
		for i := range c.Requests {
			r := &c.Requests[i]
			r.Title, r.Ask, r.Vendor = name, name, name
			for g := range r.Policy.Groups {
				r.Policy.Groups[g].Name = name
			}
		}
		c.Documents[0].Name, c.Documents[0].Media = name, name
		s.desk.media[c.Documents[0].Document] = name
		s.desk.line(theCase, dossier.Entry{Case: theCase, Process: name, Kind: dossier.Noted, Actor: name, Detail: &dossier.Detail{Name: name}}, review.Text{Inside: name, Vendor: name})
		c.Held, c.Deputy = &dossier.Hold{Since: day(18), By: name}, name
		c.Corrections = []dossier.Correction{{Field: name, Values: []string{name}, By: name}, {Field: playbook.FieldData, Values: []string{name}}}
		s.desk.line(theCase, dossier.Entry{Case: theCase, Kind: dossier.Corrected, Actor: name, Detail: &dossier.Detail{Field: playbook.FieldData, Values: []string{name}, Added: []string{name}}}, review.Text{})
		s.desk.line(theCase, dossier.Entry{Case: theCase, Kind: dossier.OwnerChanged, Detail: &dossier.Detail{Owner: name, Deputy: name}}, review.Text{})
		s.desk.line(theCase, dossier.Entry{Case: theCase, Kind: dossier.Kind(name), Detail: &dossier.Detail{Name: name}}, review.Text{})
		for _, target := range []string{"/", "/cases", "/signin", requestURL(reviewID), requestURL(sendID), "/case?id=" + url.QueryEscape(theCase),
			"/waiting?case=" + url.QueryEscape(theCase) + "&at=1794819600000000000", documentLink("/document", theCase, c.Documents[0].Document),
			intakePath + "?playbook=whole", "/letters", "/people/replace?leaver=ola&by=sami", "/case/correct?case=" + url.QueryEscape(theCase) + "&field=systems&value=" + url.QueryEscape(name[:min(len(name), 400)]), // as much as the field takes
			documentLink("/document/file", theCase, c.Documents[0].Document)} {
			for _, who := range []string{"ola", "lena"} {
				p := s.get(who, target)
				owners := strings.HasPrefix(target, "/letters") || strings.HasPrefix(target, "/people") || strings.HasPrefix(target, "/case/correct")
				if p.Status != http.StatusOK && !(who == "ola" && strings.HasPrefix(target, "/waiting")) && !(who == "lena" && owners && p.Status == http.StatusForbidden) {
					t.Fatalf("%.30q: %s as %s: status %d\n%s", name, target, who, p.Status, s.log)
				}
				if strings.HasPrefix(target, "/document/file") {
					continue
				}
				if found := bad.FindString(p.Body); found != "" {
					t.Errorf("%.30q: %s as %s has %q", name, target, who, found)
				}
				if len(p.Header["Set-Cookie"]) > 0 || strings.ContainsAny(p.Header.Get("Content-Disposition"), "\r\n\x00") {
					t.Errorf("%.30q: %s sends headers %v", name, target, p.Header)
				}
			}
		}
	}
}

// TestNamesAreIsolated: a name that turns the direction of text stands inside an
// element that isolates it, and not at all where none can.
func TestNamesAreIsolated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.people[2].Name = "Lena\u202E"
	s.desk.cases[0].Request(reviewID).Title = "Sign\u202E"
	for _, target := range []string{"/", requestURL(reviewID), "/case?id=" + theCase} {
		p := s.get("lena", target).wants(http.StatusOK)
		isolated := regexp.MustCompile(`(?s)<bdi>.*?</bdi>`).ReplaceAllString(p.Body, "")
		if strings.Contains(isolated, "\u202E") {
			t.Errorf("%s: the mark stands outside of <bdi>:\n%s", target, isolated)
		}
		if !strings.Contains(p.Body, "\u202E") {
			t.Errorf("%s: the name is not on the page", target)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, name := range nasty() {
		got := flat(name)
		if len([]rune(got)) > maxName+1 || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("%.30q is shown as %q", name, got)
		}
	}
	if got := tidy(" a\r\nb\rc\x00\x07\td\xff "); got != "a\nb\nc\td�" {
		t.Errorf("tidy gives %q", got)
	}
	if got := human("data-protection"); got != "Data protection" || human("") != "" || human("ärzte") != "Ärzte" {
		t.Errorf("human gives %q", got)
	}
}

// TestManyPeople: a form that offers thousands of people is still a page.
func TestManyPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 10_000 {
		s.desk.people = append(s.desk.people, playbook.Person{ID: "p" + strings.Repeat("x", i%7) + string(rune('a'+i%26)), Name: "Somebody"})
	}
	s.get("lena", requestURL(reviewID)).wants(http.StatusOK, "Somebody")
}
