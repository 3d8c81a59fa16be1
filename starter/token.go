package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"gangway/internal/access"
)

// mostToken bounds a token file; a token has about fifty characters.
const mostToken = 4096

// token is what signs the command line in at the gangway that --url names:
// --token-file, else GANGWAY_TOKEN, else GANGWAY_TOKEN_FILE; empty: none.
func (s *session) token() (string, error) {
	path := s.setting("token-file", "GANGWAY_TOKEN_FILE")
	if secret := s.env.get("GANGWAY_TOKEN"); secret != "" && (path == "" || !s.flags.Changed("token-file")) {
		return strings.TrimSpace(secret), nil
	}
	if path == "" {
		return "", nil
	}
	return readToken(path)
}

// readToken reads a token file, and refuses one that others can read, as ssh
// refuses a key: whoever reads it is its person.
func readToken(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", readable(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return "", readable(path, err)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return "", problem{code: exitDenied, err: fmt.Errorf("others can read %s (%04o), so its token is not used", path, info.Mode().Perm()),
			hints: []string{"chmod 600 " + path + "; if others may have read it, revoke the token and make a new one"}}
	}
	text, err := io.ReadAll(io.LimitReader(f, mostToken+1))
	if err != nil {
		return "", readable(path, err)
	}
	secret := strings.TrimSpace(string(text))
	if len(text) > mostToken || !strings.HasPrefix(secret, "gwt_") || strings.ContainsAny(secret, " \t\r\n") {
		return "", problem{code: exitDenied, err: fmt.Errorf("%s holds no token", path), hints: []string{"a token is one line that begins with gwt_"}}
	}
	return secret, nil
}

// overheard refuses an address over which anybody on the way could read a token
// and what is said.
func overheard(u *url.URL) error {
	if u.Scheme == "https" || u.Hostname() == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
		return nil
	}
	return usage("nothing is sent over plain http to "+u.Host, "use its https address; http is for this machine alone")
}

// person is who acts: --as, or whoever the token stands for, which the server
// says once.
func (s *session) person() (string, error) {
	if s.as != "" {
		return s.as, nil
	}
	if s.whose == "" {
		var me struct {
			ID string `json:"id"`
		}
		if _, err := s.fetchInto(get("/api/me"), &me); err != nil {
			return "", err
		}
		if me.ID == "" {
			return "", problem{code: exitError, err: errors.New("the server didn't say whose token this is")}
		}
		s.whose = me.ID
	}
	return s.whose, nil
}

// tokenList prints the tokens of the one who asks.
func (s *session) tokenList([]string) error {
	var tokens []access.Token
	raw, err := s.fetchInto(get("/api/tokens"), &tokens)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		g := newGrid("", "TOKEN", "NAME", "MADE", "LAST USED", "ENDS", "STATE")
		now := s.now()
		for _, t := range tokens {
			state := "works"
			switch {
			case !t.Revoked.IsZero():
				state = "revoked"
			case !now.Before(t.Until):
				state = "ended"
			}
			g.add(t.ID, t.Name, s.when(t.Made, now), dash(s.when(t.Seen, now)), s.when(t.Until, now), state)
		}
		g.print(s.out)
	})
	if err == nil && len(tokens) == 0 {
		s.tell("you have no token; make the first one in the browser, under your name")
	}
	return err
}

// tokenNew makes one more token and prints its secret, alone on stdout.
func (s *session) tokenNew(args []string) error {
	in := struct {
		Name  string     `json:"name"`
		Until *time.Time `json:"until,omitempty"`
	}{Name: args[0]}
	if text := s.text("until"); text != "" {
		until, err := s.endOfDay(text)
		if err != nil {
			return err
		}
		in.Until = &until
	}
	w, err := post("/api/tokens", in)
	if err != nil {
		return err
	}
	var made struct {
		Token  access.Token `json:"token"`
		Secret string       `json:"secret"`
	}
	path := s.text("out")
	if path == "" {
		raw, err := s.fetchInto(w, &made)
		if err != nil {
			return err
		}
		if err := s.print(raw, func() { s.out.line("%s", made.Secret) }); err != nil {
			return err
		}
	} else if err := intoNew(path, func() (string, error) {
		_, err := s.fetchInto(w, &made)
		return made.Secret + "\n", err
	}); err != nil {
		return err
	}
	s.tell("this is shown once; keep it in a file that only you can read")
	s.tell("it ends %s; end it before with: gangway token revoke %s", s.when(made.Token.Until, s.now()), made.Token.ID)
	return nil
}

// intoNew writes a secret to a file that nobody else reads. The file is made
// first: a secret that has nowhere to go is not asked for.
func intoNew(path string, ask func() (string, error)) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return failed(fmt.Sprintf("writing %s: %v", path, err), "name a file that isn't there yet; no token was made")
	}
	text, err := ask()
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// tokenRevoke ends a token.
func (s *session) tokenRevoke(args []string) error {
	w, err := post("/api/tokens/revoke", map[string]string{"id": args[0]})
	if err != nil {
		return err
	}
	raw, err := s.fetch(w)
	if err != nil {
		return err
	}
	if err := s.print(raw, func() { s.out.line("revoked: %s", args[0]) }); err != nil {
		return err
	}
	s.tell("whatever used it is signed out; see what is left with: gangway token list")
	return nil
}

func tokenCommands() []command {
	return []command{
		{
			Name: "token list", Group: groupSet,
			Short: "List your tokens", Examples: []string{"gangway token list"},
			Long:  "Their secrets are shown nowhere: only whoever made one has it.",
			Exits: []int{exitDenied},
		},
		{
			Name: "token new", Args: "NAME", Group: groupSet,
			Short: "Make one more token that acts as you",
			Long: "NAME says what uses it. The secret is given once, alone on stdout or in a file. The first token is made\n" +
				"in the browser, under your name; with it this command makes others.",
			Examples: []string{"gangway token new 'build server' --until 2026-12-31 --out build.token"},
			Flags: []flag{
				{Name: "until", Value: "DATE", Usage: "its last day, or an instant (default: the longest, 90 days)"},
				{Name: "out", Value: "FILE", Usage: "write the secret to a new file that only you can read, instead of stdout"},
			},
			Exits: []int{exitDenied},
		},
		{
			Name: "token revoke", Args: "TOKEN", Group: groupSet,
			Short: "End a token at once", Long: "TOKEN is the id that `gangway token list` prints, not the secret.",
			Examples: []string{"gangway token revoke 7kq2xw"},
			Exits:    []int{exitDenied},
		},
	}
}
