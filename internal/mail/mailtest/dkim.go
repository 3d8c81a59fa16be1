package mailtest

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"
)

// Algorithm is one that people's mail servers sign with (RFC 6376, RFC 8463).
type Algorithm string

// Algorithms; the zero value is Ed25519.
const (
	Ed25519  Algorithm = "ed25519-sha256"
	RSA      Algorithm = "rsa-sha256"
	Unsigned Algorithm = "none"
)

// selector names the keys of all domains.
const selector = "mailtest"

// signer has the key of a domain.
type signer struct {
	algorithm Algorithm
	key       crypto.Signer
}

func newSigner(a Algorithm) (signer, error) {
	if a == RSA {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		return signer{a, key}, err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return signer{Ed25519, key}, err
}

// record is what the domain publishes.
func (k signer) record() (string, error) {
	if public, ok := k.key.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + encode(public), nil
	}
	der, err := x509.MarshalPKIXPublicKey(k.key.Public())
	return "v=DKIM1; k=rsa; p=" + encode(der), err
}

// covered are the headers that a signature is over, where they are there, once each
// as Gmail has it: a second From, put before the signed one, breaks nothing.
func covered() []string {
	return []string{"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Mime-Version", "Content-Type", "Auto-Submitted"}
}

// sign gives the header that signs a mail for a domain.
func (k signer) sign(domain string, raw []byte, at time.Time) ([]byte, error) {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	fields := fieldsIn(head)
	var names []string
	for _, name := range covered() {
		if lastOf(fields, name, 0) != "" {
			names = append(names, strings.ToLower(name))
		}
	}
	hash := sha256.Sum256(relaxedBody(body))
	header := fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s; s=%s;\r\n\tt=%d; h=%s;\r\n\tbh=%s;\r\n\tb=",
		k.algorithm, domain, selector, at.Unix(), strings.Join(names, ":"), encode(hash[:]))
	digest := sha256.Sum256(signedBytes(fields, names, header))
	hashed := crypto.Hash(crypto.SHA256)
	if k.algorithm == Ed25519 { // RFC 8463 section 3: Ed25519 over the hash
		hashed = crypto.Hash(0)
	}
	signature, err := k.key.Sign(rand.Reader, digest[:], hashed)
	if err != nil {
		return nil, fmt.Errorf("signing a mail: %w", err)
	}
	b := encode(signature)
	for len(b) > 70 {
		header, b = header+b[:70]+"\r\n\t ", b[70:]
	}
	return []byte(header + b + "\r\n"), nil
}

// signedBytes are what the signature is over: the named headers, then the
// signature's own with an empty b (RFC 6376 section 3.7).
func signedBytes(fields, names []string, own string) []byte {
	var b bytes.Buffer
	seen := map[string]int{}
	for _, name := range names {
		key := strings.ToLower(strings.TrimSpace(name))
		if f := lastOf(fields, key, seen[key]); f != "" {
			b.WriteString(relaxedHeader(f) + "\r\n")
		}
		seen[key]++
	}
	b.WriteString(relaxedHeader(own))
	return b.Bytes()
}

// fieldsIn parts a header into its fields, folded lines within.
func fieldsIn(head []byte) []string {
	var all []string
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if len(all) > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') {
			all[len(all)-1] += "\r\n" + line
		} else {
			all = append(all, line)
		}
	}
	return all
}

// lastOf is a field by its name, counted from the last; empty: there is none.
func lastOf(fields []string, name string, skip int) string {
	for _, f := range slices.Backward(fields) {
		if n, _, found := strings.Cut(f, ":"); found && strings.EqualFold(strings.TrimSpace(n), name) {
			if skip == 0 {
				return f
			}
			skip--
		}
	}
	return ""
}

// relaxedHeader is RFC 6376 section 3.4.2.
func relaxedHeader(field string) string {
	name, value, _ := strings.Cut(field, ":")
	value = strings.Join(strings.FieldsFunc(strings.ReplaceAll(value, "\r\n", ""), blank), " ")
	return strings.ToLower(strings.TrimRightFunc(name, blank)) + ":" + value
}

func blank(r rune) bool { return r == ' ' || r == '\t' }

// relaxedBody is RFC 6376 section 3.4.4.
func relaxedBody(body []byte) []byte {
	var b strings.Builder
	for line := range strings.SplitSeq(string(body), "\r\n") {
		squeezed := strings.Join(strings.FieldsFunc(line, blank), " ")
		if line != "" && blank(rune(line[0])) && squeezed != "" {
			squeezed = " " + squeezed
		}
		b.WriteString(squeezed + "\r\n")
	}
	text := strings.TrimRight(b.String(), "\r\n")
	if text == "" {
		return nil
	}
	return []byte(text + "\r\n")
}

// signerOf is the key of a domain, made when it is first wanted.
func (s *Server) signerOf(domain string) (signer, error) {
	domain = strings.ToLower(domain)
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, found := s.signers[domain]; found {
		return k, nil
	}
	k, err := newSigner(s.o.SignWith)
	if err != nil {
		return signer{}, fmt.Errorf("making a key to sign with: %w", err)
	}
	if err := s.publish(domain, k); err != nil {
		return signer{}, err
	}
	return k, s.saveKeys()
}

// DNS are the TXT records that people's domains publish, by name.
func (s *Server) DNS() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.dns)
}

// SetTXT publishes records under a name instead of those that are there, such as
// _dmarc.northgate.example. None: the name is gone.
func (s *Server) SetTXT(name string, records ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if s.dns[name] = records; len(records) == 0 {
		delete(s.dns, name)
	}
}

// LookupTXT finds records as a resolver does.
func (s *Server) LookupTXT(name string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if records := s.dns[strings.ToLower(strings.TrimSuffix(name, "."))]; len(records) > 0 {
		return slices.Clone(records), nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}
