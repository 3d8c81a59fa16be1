package mailtest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// published is the mail of RFC 8463 appendix A, with the Ed25519 signature.
const published = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n" +
	" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n" +
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n" +
	" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n" +
	"From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\n" +
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n" +
	"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"

func TestThePublishedSignature(t *testing.T) {
	t.Parallel()
	public, err := base64.StdEncoding.DecodeString("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(published, "\r\n\r\n")
	if hash := sha256.Sum256(relaxedBody([]byte(body + "\r\n\r\n"))); encode(hash[:]) != "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=" {
		t.Error("the body's hash is another one: " + encode(hash[:]))
	}
	fields := fieldsIn([]byte(head))
	own, b, _ := strings.Cut(fields[0], "b=/")
	signature, err := base64.StdEncoding.DecodeString(strings.ReplaceAll("/"+b, "\r\n ", ""))
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split("from : to : subject : date : message-id : from : subject : date", ":")
	digest := sha256.Sum256(signedBytes(fields[1:], names, own+"b="))
	if !ed25519.Verify(public, digest[:], signature) {
		t.Error("what is signed is something else")
	}
}

// TestSignaturesAreVerified by another's code, and stop being right with a change.
func TestSignaturesAreVerified(t *testing.T) {
	t.Parallel()
	for _, a := range []Algorithm{Ed25519, RSA} {
		s := start(t, Options{SignWith: a})
		k, err := s.signerOf("Northgate.example")
		if err != nil {
			t.Fatal(err)
		}
		raw := []byte("From:  Ruth\r\n <ruth@northgate.example> \r\nTo: gangway@example.org\r\nSubject: a\tb\r\nContent-Type: text/plain\r\n\r\n  Text \t  with blanks  \r\n\r\nEnd\r\n\r\n\r\n")
		header, err := k.sign("northgate.example", raw, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		verify := func(raw []byte) error {
			found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: s.LookupTXT})
			if err != nil || len(found) != 1 || found[0].Domain != "northgate.example" {
				t.Fatal(err, found)
			}
			return found[0].Err
		}
		whole := append(header, raw...)
		if err := verify(whole); err != nil {
			t.Errorf("%s: %v", a, err)
		}
		if verify(bytes.Replace(whole, []byte("blanks"), []byte("blinks"), 1)) == nil || verify(bytes.Replace(whole, []byte("a\tb"), []byte("a c"), 1)) == nil {
			t.Errorf("%s: a change was not seen", a)
		}
		if err := verify(append([]byte("From: other@example.org\r\n"), whole...)); err != nil {
			t.Errorf("%s: a second From before the first breaks it, which real ones don't: %v", a, err)
		}
		if len(s.DNS()) != 1 {
			t.Error(s.DNS())
		}
		s.SetTXT("mailtest._domainkey.northgate.example")
		if verify(whole) == nil {
			t.Errorf("%s: no key, and yet it is right", a)
		}
	}
}
