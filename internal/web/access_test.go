package web

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestAccessible looks at every kind of page for what people with a screen
// reader or a keyboard need.
func TestAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.chores()
	digest := s.desk.cases[0].Documents[2].Document
	for _, x := range []struct{ person, target string }{
		{"lena", "/"}, {"ola", "/cases"}, {"", "/signin"}, {"lena", requestURL(reviewID)}, {"ola", requestURL(sendID)}, {"ola", requestURL(textID)}, {"lena", "/nothing"},
		{"lena", "/waiting?case=" + url.QueryEscape(theCase) + "&at=1794819600000000000"}, {"ola", "/case?id=" + theCase}, {"ola", documentLink("/document", theCase, digest)},
	} {
		s.get(x.person, x.target).accessible(x.target)
	}
	g := newGated(t)
	f := url.Values{"nonce": {newNonce()}, "request": {reviewID}, "verdict": {"approve"}, "inside": {"why"}}
	for name, p := range map[string]page{"a link": g.at("", "/go/"+lenaTicket), "another's link": g.at("session-sami", "/go/"+lenaTicket), "a one-time link": g.at("", "/enter/"+lenaLink),
		"a dead link": g.at("", "/enter/x"), "signing in": g.at("", "/signin"), "the code": g.send("", "/go", url.Values{"ticket": {lenaTicket}}),
		"a wrong code": g.send("", "/signin/code", url.Values{"mail": {lenaMail}, "code": {"000000"}}), "signed out": g.send("", "/request/answer", f),
		"signed in again": g.at("session-lena", "/again"), "devices and tokens": g.at("session-lena", "/me"),
		"a new token": g.send("session-lena", "/me/token", url.Values{"name": {"x"}, "until": {"2026-12-01"}})} {
		p.accessible(name)
	}
}

// accessible looks at one page.
func (p page) accessible(name string) {
	t := p.t
	t.Helper()
	fault := func(format string, args ...any) {
		t.Helper()
		t.Errorf(name+": "+format, args...)
	}
	for _, want := range []string{`<html lang="en">`, `<a class="skip" href="#main">`, `<main id="main"`, "<title>", `name="viewport"`} {
		if !strings.Contains(p.Body, want) {
			fault("%s is missing", want)
		}
	}
	if n := strings.Count(p.Body, "<h1"); n != 1 {
		fault("%d first headings", n)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(p.Body, -1) {
		if ids[m[1]] {
			fault("the id %q is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:for|aria-labelledby)="([^"]+)"`).FindAllStringSubmatch(p.Body, -1) {
		if !ids[m[1]] {
			fault("a label is for %q, which isn't there", m[1])
		}
	}
	unlabelled := regexp.MustCompile(`(?s)<label class="pick">.*?</label>`).ReplaceAllString(p.Body, "")
	for _, m := range regexp.MustCompile(`<(input|select|textarea)\b([^>]*)>`).FindAllStringSubmatch(unlabelled, -1) {
		id := regexp.MustCompile(`\sid="([^"]+)"`).FindStringSubmatch(m[2])
		if strings.Contains(m[2], `type="hidden"`) {
			continue
		}
		if id == nil || !strings.Contains(p.Body, `for="`+id[1]+`"`) {
			fault("a control without a label: %s", m[0])
		}
	}
	if strings.Count(p.Body, "<fieldset") != strings.Count(p.Body, "<legend") {
		fault("a fieldset without a legend")
	}
	for _, m := range regexp.MustCompile(`<th\b[^>]*>`).FindAllString(regexp.MustCompile(`(?s)<article class="paper.*?</article>`).ReplaceAllString(p.Body, ""), -1) {
		if !strings.Contains(m, "scope=") {
			fault("a header of a table without a scope: %s", m)
		}
	}
	if strings.Count(p.Body, "<img ") != strings.Count(p.Body, ` alt="`) {
		fault("a picture without a text")
	}
}

// TestContrast computes the contrast of every pair of ink and ground that the
// stylesheet puts together, in both schemes.
func TestContrast(t *testing.T) {
	t.Parallel()
	css := newSite(t).get("", "/static/style.css").wants(http.StatusOK).Body
	tokens := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(css, -1) {
		tokens[m[1]] = [2]string{m[2], m[3]}
	}
	for _, pair := range []string{"ink ground", "ink card", "ink sunk", "soft ground", "soft card", "soft sunk", "sea ground", "sea card", "sea sea-wash", "sea-ink sea",
		"good good-wash", "warn warn-wash", "warn card", "warn ground", "bad bad-wash", "bad card", "ink sea-wash", "ink good-wash", "ink warn-wash", "ink bad-wash", "soft sea-wash", "soft good-wash", "soft warn-wash", "sea warn-wash"} {
		ink, ground, _ := strings.Cut(pair, " ")
		for i, scheme := range []string{"light", "dark"} {
			if tokens[ink][i] == "" || tokens[ground][i] == "" {
				t.Fatalf("%s has no colours in %s", pair, scheme)
			}
			if c := contrast(t, tokens[ink][i], tokens[ground][i]); c < 4.5 {
				t.Errorf("%s, %s: a contrast of %.2f", pair, scheme, c)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
