package house

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"gangway/config"
)

// TestComposeGangway holds gangway's container to what its programs know: the
// settings it mounts, the variables they name, the ports and the image.
func TestComposeGangway(t *testing.T) {
	t.Parallel()
	c := ourCompose(t)
	s := c.Services["gangway"]
	files := map[string]string{} // in the container: in the tree
	for _, v := range s.Volumes {
		from, to, _ := strings.Cut(v, ":")
		files[strings.TrimSuffix(to, ":ro")] = from
	}
	if len(s.Command) != 2 || s.Command[0] != "-config" {
		t.Fatalf("the command is %q", s.Command)
	}
	text, err := os.ReadFile("../../" + files[s.Command[1]])
	if err != nil {
		t.Fatal(err)
	}
	d, err := config.ReadDeployment(s.Command[1], text)
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	err = d.Reveal(func(name string) string { taken[name] = true; return s.Environment[name] })
	if err != nil {
		t.Errorf("secrets that the container lacks: %v", err)
	}
	for name := range s.Environment {
		if !taken[name] {
			t.Errorf("gangway does not know the variable %s", name)
		}
	}
	if files[d.People] == "" || files[d.Data] != "gangway-data" {
		t.Errorf("people in %s, data in %s: not mounted", d.People, d.Data)
	}
	address, err := url.Parse(d.Address)
	if err != nil || !slices.Contains(s.Ports, address.Host+":8080") {
		t.Errorf("the inbox is told to be at %s, the ports are %q", d.Address, s.Ports)
	}
	proxy, err := os.ReadFile("../../deploy/proxy/Caddyfile")
	if err != nil || !strings.Contains(string(proxy), "reverse_proxy "+d.Listen+"\n") || !strings.Contains(string(proxy), "http://:8080 {") {
		t.Errorf("the proxy does not lead to %s: %v", d.Listen, err)
	}
	for _, word := range []string{"handle", "route", "basic_auth", "forward_auth", "respond", "redir", "rewrite", "uri ", "@"} { // Slack's signed requests come by no page
		if strings.Contains(string(proxy), "\t"+word) {
			t.Errorf("the proxy does not hand every path on as it is: %s", word)
		}
	}
	if got := c.Services["mail"].Environment["MP_SMTP_BIND_ADDR"]; got != fmt.Sprintf("%s:%d", d.Mail.SMTP.Host, d.Mail.SMTP.Port) {
		t.Errorf("mail goes to %s:%d, the mailbox is at %s", d.Mail.SMTP.Host, d.Mail.SMTP.Port, got)
	}
	jobs := c.Services["temporal-namespace"].Environment
	if d.Engine.Namespace != jobs["TEMPORAL_NAMESPACE"] || fmt.Sprint(d.Engine.Retention.Hours()/24) != jobs["TEMPORAL_RETENTION_DAYS"] {
		t.Errorf("the namespace %s, %s; the job makes %v", d.Engine.Namespace, d.Engine.Retention, jobs)
	}
	if _, known := c.Services[strings.Split(d.Engine.Address, ":")[0]]; !known {
		t.Errorf("the engine is at %s, which is no service", d.Engine.Address)
	}
}
