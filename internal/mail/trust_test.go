package mail

import (
	"strings"
	"testing"

	"gangway/internal/arrivals"
)

// Headers as servers really write them, and as forgers do. The sender's domain is
// example.org.
func TestAuthenticationResults(t *testing.T) {
	t.Parallel()
	const exchange = "X-MS-Exchange-Organization-AuthAs: Anonymous\n"
	google := "Authentication-Results: mx.google.com;\n dkim=pass header.i=@example.org header.s=s1 header.b=abc;\n spf=pass (google.com: domain of a@example.org designates 1.2.3.4 as permitted sender) smtp.mailfrom=a@example.org;\n dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.org\n"
	microsoft := "Authentication-Results: spf=pass (sender IP is 1.2.3.4)\n smtp.mailfrom=example.org; dkim=pass (signature was verified)\n header.d=example.org;dmarc=pass action=none header.from=example.org;compauth=pass reason=100\n"
	for name, c := range map[string]struct {
		trust Trust
		head  string
		ok    bool
		why   arrivals.Why
	}{
		"Google":                                   {Trust{Mode: TrustedHeader, Name: "mx.google.com"}, "Delivered-To: x\nReceived: by y\n" + google, true, ""},
		"Google, another name pinned":              {Trust{Mode: TrustedHeader, Name: "mx.gangway.example"}, google, false, arrivals.NotAligned},
		"Google, name in another case":             {Trust{Mode: TrustedHeader, Name: "MX.google.com"}, google, true, ""},
		"Microsoft":                                {Trust{Mode: M365Topmost}, "Received: from x\n" + exchange + microsoft, true, ""},
		"Microsoft's, where it was not":            {Trust{Mode: M365Topmost}, "Received: from x\n" + microsoft, false, arrivals.NotAligned},
		"Microsoft's below another":                {Trust{Mode: M365Topmost}, exchange + "Authentication-Results: x.example; dmarc=none\n" + microsoft, false, arrivals.NotAligned},
		"lone forged header below what they wrote": {Trust{Mode: TrustedHeader, Name: "mx.google.com"}, "Received: by y\nSubject: x\n" + google, false, arrivals.NotAligned},
		"dmarc=fail with dkim=pass":                {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dkim=pass header.d=example.org; dmarc=fail (p=none; dis=none) header.from=example.org\n", false, arrivals.SaysFail},
		"dmarc=fail beside dmarc=pass":             {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass header.from=example.org; dmarc=fail header.from=example.org\n", false, arrivals.SaysFail},
		"dmarc=temperror with dkim=pass":           {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dkim=pass header.d=example.org; dmarc=temperror\n", false, arrivals.SaysFail},
		"no dmarc, aligned dkim":                   {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx 1; dkim=pass header.d=mail.example.org\n", true, ""},
		"dmarc=none, aligned dkim":                 {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=none; dkim = pass (ok) header.i=@example.org\n", true, ""},
		"no dmarc, aligned dkim, strict":           {Trust{Mode: TrustedHeader, Name: "mx", Strict: true}, "Authentication-Results: mx; dkim=pass header.d=mail.example.org\n", false, arrivals.NotAligned},
		"no dmarc, dkim of another":                {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dkim=pass header.d=evil.example\n", false, arrivals.NotAligned},
		"dmarc of another":                         {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass header.from=evil.example; dkim=pass header.d=example.org\n", false, arrivals.NotAligned},
		"pass in a comment":                        {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; spf=fail (dmarc=pass; (dmarc=pass) header.from=example.org); dkim=none\n", false, arrivals.NotAligned},
		"pass in quotes":                           {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; spf=fail reason=\"; dmarc=pass header.from=example.org\"\n", false, arrivals.NotAligned},
		"a whole method in quotes":                 {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; \"dmarc=pass\" header.from=example.org\n", false, arrivals.NotAligned},
		"a method's name in quotes":                {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; \"dmarc\"=pass header.from=example.org\n", false, arrivals.NotAligned},
		"a property in quotes":                     {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass \"header.from=example.org\"\n", false, arrivals.NotAligned},
		"a value in quotes that ends in =":         {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass reason=\"x=\" header.from = \"example.org\"\n", true, ""},
		"a method that is none":                    {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dm\x01rc=pass; dmarc=pass header.from=example.org\n", false, arrivals.NotAligned},
		"our name in quotes":                       {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: \"mx\"; dmarc = pass header.from=example.org\n", true, ""},
		"an open comment":                          {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass header.from=example.org (\n", false, arrivals.NotAligned},
		"header.from said twice":                   {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; dmarc=pass header.from=example.org header.from=evil.example\n", false, arrivals.NotAligned},
		"only spf":                                 {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; spf=pass smtp.mailfrom=example.org\n", false, arrivals.NotAligned},
		"none":                                     {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx; none\n", false, arrivals.NotAligned},
		"the name within a name":                   {Trust{Mode: TrustedHeader, Name: "mx"}, "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org\n", false, arrivals.NotAligned},
		"Yahoo":                                    {Trust{Mode: TrustedHeader, Name: "atlas.yahoo.com"}, "Authentication-Results: atlas.yahoo.com; from=example.org; dkim=pass header.i=@example.org header.s=s1;\n spf=pass smtp.mailfrom=example.org;\n dmarc=pass(p=REJECT) header.from=example.org;\n", true, ""},
		"headers are not believed by default":      {Trust{Mode: DKIMLocal, LookupTXT: func(string) ([]string, error) { return nil, nil }}, google, false, arrivals.NotAligned},
	} {
		raw := strings.ReplaceAll(c.head+"From: a@example.org\nSubject: x\n\nApproved\n", "\n", "\r\n")
		h, _ := readHeading([]byte(raw))
		from, ok := h.sender()
		if !ok {
			t.Fatalf("%s: no sender", name)
		}
		v, err := c.trust.vouch([]byte(raw), &h, from)
		if err != nil || v.ok != c.ok || v.why != c.why {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

func TestAlignment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says, from      string
		relaxed, strict bool
	}{
		{"example.org", "example.org", true, true}, {"EXAMPLE.org.", "example.org", true, true}, {"mail.example.org", "example.org", true, false},
		{"example.org", "hr.example.org", true, false}, {"a.example.org", "b.example.org", true, false}, {"evil.example", "example.org", false, false},
		{"xexample.org", "example.org", false, false}, {"co.uk", "bank.co.uk", false, false}, {"a.co.uk", "b.co.uk", false, false},
		{"org", "example.org", false, false}, {"", "example.org", false, false}, {"alice.github.io", "bob.github.io", false, false},
	} {
		if got := (Trust{}).aligned(c.says, c.from); got != c.relaxed {
			t.Errorf("%s for %s: %v", c.says, c.from, got)
		}
		if got := (Trust{Strict: true}).aligned(c.says, c.from); got != c.strict {
			t.Errorf("%s for %s, strictly: %v", c.says, c.from, got)
		}
	}
}

func TestTrustIsChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []Trust{{Mode: TrustedHeader}, {Mode: "all"}} {
		if _, err := bad.whole(); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if got, err := (Trust{}).whole(); err != nil || got.Mode != DKIMLocal || got.LookupTXT == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestExactlyOneSender(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"From: a@example.org":                           "a@example.org",
		"from : \"Marsh, Helen\" <A@Example.ORG>":       "a@example.org",
		"From: =?iso-8859-1?q?J=F6rg?= <j@example.org>": "j@example.org",
		"From: =?x-unknown?q?J=F6rg?= <j@example.org>":  "j@example.org",
		"From:\n a@example.org":                         "a@example.org",
		"From: a@b\u00fccher.example":                   "a@xn--bcher-kva.example",
		"From: \"a@example.org\" <evil@evil.example>":   "evil@evil.example",
		"From: a@example.org\nFROM: b@example.org":      "",
		"From: a@example.org\nFrom : b@example.org":     "",
		"From: a@example.org, b@example.org":            "",
		"From: a@example.org\nno field":                 "",
		"From: a@example.org\nX\x00: y":                 "",
		"From: a@example.org\rFrom: b@example.org":      "",
		" From: b@example.org\nFrom: a@example.org":     "",
		"From:":                     "",
		"From: nobody":              "",
		"Sender: a@example.org":     "",
		"From: \"a b\"@example.org": "",
		"From: group: a@example.org, b@example.org;":               "",
		"From: Helen Marsh: a@example.org;":                        "",
		"From: undisclosed-recipients:;":                           "",
		"From: \"Marsh: Helen; Legal\" <a@example.org>":            "a@example.org",
		"From: =?utf-8?q?=3Ca=40example.org=3E?= <b@evil.example>": "b@evil.example",
		"From: =?utf-8?q?a=40example.org?=":                        "",
		"From: a@example.org <b@evil.example>":                     "",
		"From: <a@example.org> <b@evil.example>":                   "",
		"From: h\u0435len@example.org":                             "h\u0435len@example.org",
		"From: \u212aim@example.org":                               "\u212aim@example.org",
		"From: helen@ex\u0430mple.org":                             "helen@xn--exmple-4nf.org",
		"Subject: x\n\nFrom: a@example.org":                        "",
		"From: a@example.org\n\nFrom: b@example.org":               "a@example.org",
		"From: (b@example.org) a@example.org":                      "",
		"X-Long: " + strings.Repeat("x", 300<<10) + "\nFrom: a@b":  "",
	} {
		h, _ := readHeading([]byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\nText"))
		if got, _ := h.sender(); got != want {
			t.Errorf("%.80q: %q, want %q", head, got, want)
		}
	}
}

func FuzzReadResults(f *testing.F) {
	for _, s := range []string{"mx; dmarc=pass header.from=a.example", "spf=pass (x) ; dkim=pass", "mx (a (b) \\)) 1; none", "a=\"b;c\\\"\";", "\";=\"", "mx; \"dmarc=pass\" header.from=a.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := readResults(s)
		if !ok {
			return
		}
		for _, m := range r.methods {
			if m.name == "" || strings.ContainsAny(m.name, "; ()") {
				t.Errorf("%q: method %q", s, m.name)
			}
			if m.result == "pass" && !strings.Contains(strings.ToLower(s), "pass") {
				t.Errorf("%q: %s passes out of nothing", s, m.name)
			}
		}
		// What stands in a comment says nothing.
		with, ok := readResults("x (" + strings.NewReplacer("(", "", ")", "", "\\", "").Replace(s) + ")")
		if ok && len(with.methods) != 0 {
			t.Errorf("%q: a comment says %+v", s, with.methods)
		}
	})
}

func FuzzReadHeading(f *testing.F) {
	f.Add([]byte("From: a@example.org\r\nTo: gangway+aaaaaaaaaaaaaaaaaaaaaaaaaa@gangway.example\r\n\r\nText"))
	f.Add([]byte("From: a@example.org\nFrom : b\n\tc\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, body := readHeading(raw)
		if len(body) > len(raw) {
			t.Error("it grew")
		}
		if from, ok := h.sender(); ok {
			if !plainAddress(from) && isASCII(from) || strings.Count(strings.ToLower(string(raw)), "from") < 1 {
				t.Errorf("the sender of %q is %q", raw, from)
			}
			if twice, _ := readHeading(append([]byte("From: eve@evil.example\r\n"), raw...)); func() bool { _, ok := twice.sender(); return ok }() {
				t.Errorf("%q: a second From is overlooked", raw)
			}
		}
		for _, token := range replyTokens(&h, "gangway") {
			if len(token) != secretLetters || !strings.Contains(strings.ReplaceAll(strings.ToLower(string(raw)), "%2b", "+"), token) {
				t.Errorf("%q: token %q", raw, token)
			}
		}
		_, _ = envelopeTokens(&h), messagesNamed(&h)
		readMachine(&h)
		if arrivalID(raw, 0, true) != arrivalID(append([]byte("Received: x\r\n"), raw...), 0, true) && len(raw) > 0 && raw[0] != ' ' && raw[0] != '\t' && len(raw) < maxHeaderBytes/2 {
			t.Errorf("%q: a trace changes what mail it is", raw)
		}
	})
}
