package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gangway/config"
)

// examined is one thing that doctor looked at.
type examined struct {
	Part string `json:"part"`
	OK   bool   `json:"ok"`
	// Said is what is so, or what is wrong; Do what to do about it.
	Said string `json:"said"`
	Do   string `json:"do,omitempty"`
}

func well(part, format string, args ...any) examined {
	return examined{Part: part, OK: true, Said: fmt.Sprintf(format, args...)}
}

func ill(part, do, format string, args ...any) examined {
	return examined{Part: part, Said: fmt.Sprintf(format, args...), Do: do}
}

// doctor tries a deployment from outside: its files, the server that runs, and
// Slack. Engine, database, mail server and GitHub are tried by the worker, who knows them.
func (s *session) doctor([]string) error {
	file := s.setting("config", "GANGWAY_CONFIG")
	list := s.examine(file)
	faults := 0
	for _, e := range list {
		if !e.OK {
			faults++
		}
	}
	err := s.printValue(list, func() {
		for _, e := range list {
			word := painted{"ok    ", styleGood}
			if !e.OK {
				word = painted{"wrong ", styleBad}
			}
			for i, line := range strings.Split(e.Said, "\n") {
				if i == 0 {
					s.out.line("%s %s: %s", word, e.Part, line)
					continue
				}
				s.out.line("       %s", line)
			}
			if e.Do != "" {
				s.out.line("       do: %s", e.Do)
			}
		}
	})
	if err == nil && faults > 0 {
		return failed(counted(faults, "fault"))
	}
	if err == nil {
		s.tell("engine, database, mail server and GitHub are tried by: gangway-worker doctor -config %s", file)
	}
	return err
}

func (s *session) examine(file string) []examined {
	text, err := readFile(file)
	if err != nil {
		return []examined{ill("configuration", "`gangway init` writes one; --config or GANGWAY_CONFIG names it", "%v", err)}
	}
	d, err := config.ReadDeployment(file, text)
	if err != nil {
		return []examined{ill("configuration", "", "%v", err)}
	}
	list := []examined{well("configuration", "%s", file)}
	hidden := d.Reveal(s.env.get)
	if hidden != nil {
		list = append(list, ill("secrets", "", "%v", hidden))
	} else {
		list = append(list, well("secrets", "those that are named are there"))
	}
	list = append(list, examineKeys(d)...)
	list = append(list, examinePeople(d.People))
	if s.yes("offline") {
		return list
	}
	if d.Address != "" {
		list = append(list, s.askAlive(d.Address))
	}
	if d.Health != "" {
		list = append(list, s.askReady(d.Health))
	}
	if hidden == nil { // without its tokens there is nothing to try
		list = append(list, s.examineSlack(d.Slack)...)
	}
	return list
}

// examineKeys looks at who may read the keys; a missing one is made at a start.
func examineKeys(d config.Deployment) []examined {
	var list []examined
	for _, name := range []string{"signing.key", "access.key"} {
		if name == "access.key" && d.AccessKey.Given() {
			list = append(list, well(name, "given as a secret"))
			continue
		}
		file := filepath.Join(d.Keys, name)
		switch info, err := os.Stat(file); {
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, well(name, "made at the first start"))
		case err != nil:
			list = append(list, ill(name, "run this as whoever runs the worker", "%v", err))
		case info.Mode().Perm()&0o077 != 0:
			list = append(list, ill(name, "chmod 600 "+file+", and ask yourself who may have copied it", "%s can be read by others", file))
		default:
			list = append(list, well(name, "%s", file))
		}
	}
	return list
}

func examinePeople(file string) examined {
	if file == "" {
		return well("people", "those of the record")
	}
	text, err := readFile(file)
	if err != nil {
		return ill("people", "people in gangway.yaml names the file", "%v", err)
	}
	people, err := config.ReadPeople(file, text)
	if err != nil {
		return ill("people", "", "%v", err)
	}
	if len(operators(people.List)) == 0 {
		return ill("people", "give somebody the role operator, who looks after people and keys", "nobody in %s is an operator", file)
	}
	return well("people", "%s in %s, operators: %s", counted(len(people.List), "entry"), file, strings.Join(operators(people.List), ", "))
}

// alive is what /livez answers.
const alive = "gangway is alive\n"

func (s *session) askAlive(address string) examined {
	said, code, err := s.glance(address + "/livez")
	switch {
	case err != nil:
		return ill("address", "does its name lead to the proxy, does the proxy's certificate hold, and does a worker run behind it?", "asking %s: %v", address, err)
	case code/100 == 3:
		return ill("address", "write into address what people end at", "%s answers %d: it sends one elsewhere", address, code)
	case code != http.StatusOK || said != alive:
		return ill("address", "the proxy must hand every path to `listen` and keep the Host header", "something else than gangway answers at %s (%d)", address, code)
	}
	return well("address", "%s leads to gangway", address)
}

func (s *session) askReady(place string) examined {
	said, code, err := s.glance("http://" + place + "/readyz")
	switch {
	case err != nil:
		return ill("worker", "start it: gangway-worker -config FILE; on another machine: gangway doctor --offline", "no worker answers at %s: %v", place, err)
	case code != http.StatusOK:
		return ill("worker", "`gangway-worker doctor` tries engine, database, mail server and Slack one by one", "not ready: %s", strings.TrimSpace(said))
	}
	return well("worker", "%s", strings.TrimSpace(said))
}

// glance reads a small page; it follows no redirect.
func (s *session) glance(address string) (said string, code int, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", 0, fmt.Errorf("making a request: %w", err)
	}
	asks := &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := asks.Do(req)
	if err != nil {
		return "", 0, errors.Unwrap(err) // without the address, which the sentence names
	}
	defer answer.Body.Close() // only read
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err != nil {
		return "", 0, fmt.Errorf("reading an answer: %w", err)
	}
	return string(text), answer.StatusCode, nil
}
