package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/access"
)

// paired are the confirmations that the desk was asked for.
func (d *recorder) paired() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.changes), func(did string) bool { return !strings.HasPrefix(did, "pair ") })
}

// TestS15PairingIsConfirmedByWhoReadIt: signed in, on a page that says whose
// account it is and who one is; looking decides nothing.
func TestS15PairingIsConfirmedByWhoReadIt(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	if to := g.at("", "/pair/"+slackLink).leads("/signin?next="); to != "/signin?next="+url.QueryEscape("/pair/"+slackLink) {
		t.Errorf("a stranger is led to %q", to)
	}
	if localPath("/pair/"+slackLink) != "/pair/"+slackLink || access.LocalPath("/pair/"+slackLink) != "/pair/"+slackLink {
		t.Error("nobody comes back from signing in")
	}
	p := g.at("session-lena", "/pair/"+slackLink).wants(http.StatusOK, "Is this Slack account yours?", "<bdi>lena (she)</bdi>", "anybody can choose that name", "U0NEW", "T01",
		"<bdi>Lena Weiß</bdi>", "decides in your name", "Link it only if")
	p.accessible("pair")
	g.at("session-lena", "/pair/"+slackLink).wants(http.StatusOK)
	if did := g.desk.paired(); len(did) > 0 {
		t.Fatalf("looking did %q", did)
	}
	form := p.form("/pair/"+slackLink, "link")
	g.send("", "/pair/"+slackLink, form).wants(http.StatusUnauthorized)
	g.send("session-ola", "/pair/"+slackLink, form).wants(http.StatusConflict, "nothing was linked") // who signed in meanwhile, in another tab
	for name, value := range map[string]string{"link": "another", "address": "T01:U0OTHER", "as": "ola"} {
		forged := url.Values{}
		for k, v := range form {
			forged[k] = v
		}
		forged.Set(name, value)
		if p := g.send("session-lena", "/pair/"+slackLink, forged); p.Status < 400 {
			t.Errorf("with another %s: status %d", name, p.Status)
		}
	}
	if did := g.desk.paired(); len(did) > 0 {
		t.Fatalf("the desk was asked for %q", did)
	}
	g.send("session-lena", "/pair/"+slackLink, form).wants(http.StatusOK, "Your Slack account is linked", "U0NEW").accessible("linked")
	g.send("session-lena", "/pair/"+slackLink, form).wants(http.StatusOK, "Your Slack account is linked") // a double click
	form.Set("as", "ola")
	g.send("session-ola", "/pair/"+slackLink, form).wants(http.StatusNotFound, "This link is no longer good").lacks("U0NEW")
	g.at("session-lena", "/pair/"+slackLink).wants(http.StatusNotFound, "This link is no longer good", "Slack accounts that are yours", "U0NEW").accessible("used")
	if did := g.desk.paired(); !slices.Equal(did, []string{"pair lena " + slackLink}) {
		t.Errorf("the desk was asked for %q", did)
	}
}

// TestPairingThatCantBe: what the desk says is what people read.
func TestPairingThatCantBe(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	form := g.at("session-lena", "/pair/"+slackLink).form("/pair/"+slackLink, "link")
	g.desk.chat.confirm = invalidInput{}
	g.send("session-lena", "/pair/"+slackLink, form).wants(http.StatusUnprocessableEntity)
	g.desk.chat.confirm = notThere{"link"} // used between the two looks
	g.send("session-lena", "/pair/"+slackLink, form).wants(http.StatusNotFound, "no longer good")
	g.desk.chat.confirm = errDown
	g.send("session-lena", "/pair/"+slackLink, form).wants(http.StatusInternalServerError).lacks("is linked")
	for _, secret := range []string{"x", strings.Repeat("a", 300), "a%22b", "%2e%2e%2fme"} {
		if p := g.at("session-lena", "/pair/"+secret); p.Status != http.StatusNotFound {
			t.Errorf("%q: status %d", secret, p.Status)
		}
	}
	g.desk.stop = errDown
	g.at("session-lena", "/pair/"+slackLink).wants(http.StatusInternalServerError)
}

// TestOwnAccounts: one sees one's own, and gives up what one linked.
func TestOwnAccounts(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	p := g.at("session-lena", "/me").wants(http.StatusOK, "Slack accounts that are yours", "U0LENA", "it has your mail address", "U0FILE", "an operator can take it out")
	p.lacks("U0OLA")
	form := p.form("/me/unlink", "T01:U0LENA")
	g.send("session-lena", "/me/unlink", url.Values{"address": {"T01:U0OLA"}}).wants(http.StatusNotFound)
	g.send("session-lena", "/me/unlink", url.Values{}).wants(http.StatusBadRequest)
	g.send("session-lena", "/me/unlink", form).leads("/me")
	g.at("session-lena", "/me").wants(http.StatusOK, "U0FILE").lacks("U0LENA")
	g.send("session-lena", "/me/unlink", form).wants(http.StatusNotFound)
	g.at("session-sami", "/me").wants(http.StatusOK).lacks("Slack accounts")
	s := newSite(t) // where one picks a person, and has no page of one's own
	form = s.get("lena", "/pair/"+slackLink).wants(http.StatusOK).form("/pair/"+slackLink, "link")
	p = s.post("lena", "/pair/"+slackLink, form).wants(http.StatusOK, "is linked")
	s.post("lena", "/me/unlink", p.form("/me/unlink", "T01:U0NEW")).leads("/")
}

// TestHostileNamesOfAccounts: what Slack calls somebody is theirs to choose.
func TestHostileNamesOfAccounts(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)<script|<img src=x|\sonmouseover='|href="javascript`)
	for _, name := range append(nasty(), "<!channel>", "Lena Weiß\u202E", "*<https://evil.example|Approve>*") {
		g := newGated(t)
		g.desk.chat.pairing.Name = name
		for i := range g.desk.chat.bindings {
			g.desk.chat.bindings[i].How = name
		}
		for _, p := range []page{g.at("session-lena", "/pair/"+slackLink), g.at("session-lena", "/me")} {
			p.wants(http.StatusOK)
			if found := bad.FindString(p.Body); found != "" {
				t.Errorf("%.30q: the page has %q", name, found)
			}
			isolated := regexp.MustCompile(`(?s)<bdi>.*?</bdi>`).ReplaceAllString(p.Body, "")
			if strings.Contains(isolated, "\u202E") || len(p.Body) > 40_000 {
				t.Errorf("%.30q: it turns the page around, or fills it", name)
			}
		}
	}
}
