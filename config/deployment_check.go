package config

import (
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
)

var (
	domainName    = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	namespaceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)
)

// checkDeployment holds the settings to one another. What would open the inbox
// wider than its sign-in is made for is refused.
func (s *source) checkDeployment(d Deployment) {
	public := s.checkAddress(d.Address)
	s.checkPlace("$.listen", d.Listen)
	s.checkPlace("$.health", d.Health)
	s.checkPlace("$.engine.address", d.Engine.Address)
	if ns := d.Engine.Namespace; ns != "" && !namespaceName.MatchString(ns) {
		s.say("$.engine.namespace", "letters, digits, dots and dashes, 200 at most", "%s is no name of a namespace", quote(ns))
	}
	if filepath.Base(d.Keys) != "keys" {
		s.say("$.keys", "name it …/keys, so that nobody takes it for anything else", "the folder of the keys is called %s", quote(filepath.Base(d.Keys)))
	}
	s.checkReach(d, public)
	s.checkClient(d.Client)
	s.checkMail(d.Mail)
	s.checkPlace("$.documents.clamd", d.Documents.Clamd)
	s.checkSlack(d, public)
	s.checkGitHub(d.GitHub)
}

// checkReach holds who can reach the inbox to how one signs in there.
func (s *source) checkReach(d Deployment, public *url.URL) {
	host, _, err := net.SplitHostPort(d.Listen)
	ip := net.ParseIP(host) // a name may lead anywhere tomorrow
	here := err != nil || ip != nil && ip.IsLoopback()
	https := public != nil && public.Scheme == "https"
	// An address of this machine over http is left for a container's port that is
	// published on loopback: whoever says trust-proxy says so.
	switch {
	case d.PickPerson && (!here || d.TrustProxy || https):
		s.say("$.sign-in", "use `sign-in: link`; pick is for 127.0.0.1 without a proxy", "whoever reached this inbox from elsewhere could be anybody")
	case !d.PickPerson && d.Address == "":
		s.say("$.address", "write the address that people open: `address: https://gangway.example.org`; for a trial on this machine `sign-in: pick`", "links in mails need the public address")
	case !here && !d.TrustProxy && !s.spoilt("$.trust-proxy"):
		s.say("$.listen", "listen on 127.0.0.1, or put a proxy with TLS in front that alone reaches this port, and say so: `trust-proxy: true`", "other machines would reach the inbox without TLS")
	}
}

// checkAddress returns the address as a URL; nil where it is none.
func (s *source) checkAddress(address string) *url.URL {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" || u.Scheme != "http" && u.Scheme != "https":
		s.say("$.address", "write https://, the host and a port if it is not the usual one", "%s is no address of an inbox", quote(address))
		return nil
	case u.Scheme == "http" && !loopback(u.Hostname()):
		s.say("$.address", "write https://…; a proxy in front holds the certificate", "sessions would cross the network without TLS")
		return nil
	}
	return u
}

func (s *source) checkPlace(path, place string) {
	if place == "" {
		return
	}
	host, port, err := net.SplitHostPort(place)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil || host != "" && net.ParseIP(host) == nil && !domainName.MatchString(host) {
		s.say(path, "write host and port, such as 127.0.0.1:8470", "%s is no host and port", quote(place))
	}
}

// say reports a fault at a path, unless what stands there was found bad already.
func (s *source) say(path, hint, format string, args ...any) {
	if !s.spoilt(path) && len(s.repaired) == 0 {
		s.fault(s.find(path), hint, format, args...)
		s.bad[path] = true
	}
}
