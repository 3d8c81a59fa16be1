package config

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestThePageOnMailSaysWhatIsRead: each of its examples is a file that is taken,
// each of its words for a setting is one, and the keys that matter stand there.
func TestThePageOnMailSaysWhatIsRead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/mail.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(blocks) != 4 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, b := range blocks {
		d, err := ReadDeployment("g", []byte("address: https://gangway.example.org\n"+b[1]))
		if err != nil || d.Mail.Inbox.Address != "gangway@example.org" || (d.Mail.SMTP.Host == "") == (d.Mail.SendGrid.Region == "") {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
	for _, key := range keysOf("mail.inbox") {
		if key != "port" && key != "tls" && key != "mailbox" && !strings.Contains(strings.ToLower(page), key) {
			t.Errorf("%s is not on the page", key)
		}
	}
	known := append([]string{"answer-by-mail", "answer-in", "mailbox"}, keysOf("mail.sendgrid")...)
	for _, m := range regexp.MustCompile("`([a-z][a-z-]+): ").FindAllStringSubmatch(page, -1) {
		if !oneOf(m[1], known) {
			t.Errorf("%s is no setting", m[1])
		}
	}
}
