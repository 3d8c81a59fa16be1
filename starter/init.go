package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// founded is what init made.
type founded struct {
	Config string `json:"config"`
	People string `json:"people"`
	// Fingerprint is of the key that seals dossiers.
	Fingerprint string `json:"fingerprint"`
	Operator    string `json:"operator"`
	// Link signs the operator in, once.
	Link  string    `json:"link"`
	Until time.Time `json:"until"`
}

// founder is who begins a deployment.
type founder struct{ id, name, mail, address, zone string }

// initialise writes what a deployment of one's own needs into a folder, whole or
// not at all but for keys, which are kept where they are.
func (s *session) initialise(args []string) error {
	dir := "."
	if len(args) > 0 {
		dir = args[0]
	}
	who, err := s.founder()
	if err != nil {
		return err
	}
	files, err := who.files(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := os.Lstat(f.path); !errors.Is(err, fs.ErrNotExist) {
			return failed(f.path+" is there already", "nothing was written; to begin anew, name an empty folder or move the file away")
		}
	}
	data := filepath.Join(dir, "gangway-data")
	if err := os.MkdirAll(filepath.Join(data, "keys"), 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	signing, err := archive.LoadKey(data)
	if err != nil {
		return err
	}
	key, err := config.AccessKey(filepath.Join(data, "keys"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := f.write(); err != nil {
			return err
		}
	}
	until := s.now().Add(access.FirstFor).UTC().Truncate(time.Second)
	made := founded{Config: files[0].path, People: files[1].path, Fingerprint: signing.Fingerprint(), Operator: who.id,
		Link: who.address + "/enter/" + access.Key(key).First(who.id, until), Until: until}
	return s.printValue(made, func() { s.printFounded(made) })
}

func (s *session) printFounded(made founded) {
	s.out.line("%s", made.Link)
	s.tell("this link signs %s in, once, until %s, and needs no mail: whoever has it is the operator", made.Operator, made.Until.Format(time.RFC3339))
	s.tell("written: %s and %s; keys in %s", made.Config, made.People, filepath.Join(filepath.Dir(made.Config), "gangway-data", "keys"))
	s.tell("the key that seals dossiers: %s", made.Fingerprint)
	s.tell("next: read %s, name the mail server in it, then: gangway doctor --config %s", made.Config, made.Config)
	s.tell("then start the worker: gangway-worker -config %s", made.Config)
}

// founder takes the flags, and asks for what is missing where a person sits at a
// terminal.
func (s *session) founder() (founder, error) {
	who := founder{name: s.text("operator"), mail: s.text("mail"), address: strings.TrimSuffix(s.text("address"), "/"), zone: s.text("zone")}
	lines := bufio.NewReader(s.stdin)
	for _, q := range []struct {
		to             *string
		flag, question string
	}{
		{&who.name, "operator", "The operator's name"},
		{&who.mail, "mail", "The operator's mail address"},
		{&who.address, "address", "The address under which people will reach the inbox (https://…)"},
	} {
		if *q.to != "" {
			continue
		}
		if !s.atTerminal() {
			return founder{}, usage("--"+q.flag+" is missing", "gangway init DIR --operator NAME --mail ADDRESS --address URL")
		}
		s.errs.write([]byte(q.question + ": "))
		line, err := lines.ReadString('\n')
		if err != nil && line == "" {
			return founder{}, usage("--" + q.flag + " is missing")
		}
		*q.to = strings.TrimSpace(line)
	}
	id, err := engagement.Slug(who.name)
	if err != nil {
		return founder{}, usage(err.Error(), "write the operator's name in Latin letters; people.yaml may say it otherwise later")
	}
	who.id, who.address = id, strings.TrimSuffix(who.address, "/")
	return who, nil
}

// atTerminal reports that somebody can be asked.
func (s *session) atTerminal() bool {
	f, ok := s.stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// freshFile is a file that is to be written.
type freshFile struct {
	path string
	text []byte
}

// write makes the file, for its owner alone, and never writes over one.
func (f freshFile) write() error {
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making a file of the configuration: %w", err)
	}
	_, err = file.Write(f.text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("writing a file of the configuration: %w", errors.Join(err, os.Remove(f.path)))
	}
	return nil
}

// files are the files of a deployment, checked as its programs will read them.
func (w founder) files(dir string) ([]freshFile, error) {
	people := freshFile{filepath.Join(dir, "people.yaml"), fmt.Appendf(nil, `# Who is asked, for whom, and when they work. `+"`gangway config check`"+` reads it; the
# worker takes it over at its start, and `+"`gangway people apply`"+` while it runs.
# An operator looks after people and keys, and answers nothing.
zone: %s
hours: Mon-Fri 09:00-17:00

people:
  - id: %s
    name: %q
    mail: %q
    roles: [%s]
`, w.zone, w.id, w.name, w.mail, playbook.OperatorRole)}
	setup := freshFile{filepath.Join(dir, "gangway.yaml"), config.SampleDeployment(map[string]string{
		"address": fmt.Sprintf("%q", w.address), "people": "people.yaml", "data": "gangway-data"})}
	read, err := config.ReadPeople(people.path, people.text)
	if err == nil && (len(read.List) != 1 || read.List[0].ID != w.id || read.List[0].Name != w.name) {
		err = errors.New("the name cannot be written as it is")
	}
	_, bad := config.ReadDeployment(setup.path, setup.text)
	if err := config.Join("", err, bad); err != nil {
		return nil, problem{code: exitUsage, err: err, hints: []string{"nothing was written; these lines come from --operator, --mail, --address and --zone"}}
	}
	return []freshFile{setup, people, {filepath.Join(dir, ".gitignore"),
		[]byte("# Keys and the record stay out of version control; the files beside them may go in.\n/gangway-data/\n*password*\n*.key\n")}}, nil
}

// operators are those of a people file who may look after the deployment.
func operators(people []playbook.Person) (ids []string) {
	for _, p := range people {
		for _, role := range p.Roles {
			if role == playbook.OperatorRole && !p.Left && p.Employer == "" {
				ids = append(ids, p.ID)
			}
		}
	}
	return ids
}
