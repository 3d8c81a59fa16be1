package main

import (
	"flag"
	"io"
	"time"

	"gangway/config"
	"gangway/internal/assembly"
)

// settings are where the configuration is and what the command line rules over
// in it.
type settings struct {
	config, data, addr, health, engine, namespace, people string
	wait                                                  time.Duration
	given                                                 map[string]bool
}

// parse reads the command line; goOn is false when that was all.
func parse(name string, args []string, getenv func(string) string, stderr io.Writer) (s settings, code int, goOn bool) {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.StringVar(&s.config, "config", getenv("GANGWAY_CONFIG"), "gangway.yaml (GANGWAY_CONFIG); the other flags rule over it. Without one: a trial on this machine, where one picks who one is")
	f.StringVar(&s.data, "data", "gangway-data", "folder of documents and keys, and of the record where no database is named; workers share it")
	f.StringVar(&s.addr, "addr", "127.0.0.1:8470", "where the inbox listens; empty: no inbox")
	f.StringVar(&s.health, "health", "", "where /livez and /readyz answer, such as 127.0.0.1:8471; off: nowhere")
	f.StringVar(&s.engine, "engine", "", "address of the Temporal server's frontend (default: Temporal's own settings, else 127.0.0.1:7233)")
	f.StringVar(&s.namespace, "namespace", "", "Temporal namespace, which must be there (default: Temporal's own settings, else gangway)")
	f.StringVar(&s.people, "people", "", "people file to write at the start; without one the record's people stand")
	f.DurationVar(&s.wait, "wait", time.Minute, "how long an engine or database is waited for that does not answer yet")
	code, goOn = assembly.ParseFlags(f, args, stderr)
	s.given = map[string]bool{}
	f.Visit(func(g *flag.Flag) { s.given[g.Name] = true })
	return s, code, goOn
}

// deployment is the file with the flags over it.
func (s settings) deployment(getenv func(string) string) (config.Deployment, error) {
	d := config.DefaultDeployment()
	d.Health = "" // several trials may run on one machine
	if s.config != "" {
		var err error
		d, err = assembly.ReadDeployment(s.config, getenv)
		if err != nil {
			return config.Deployment{}, err
		}
	}
	for name, to := range map[string]*string{"addr": &d.Listen, "health": &d.Health, "engine": &d.Engine.Address,
		"namespace": &d.Engine.Namespace, "people": &d.People} {
		if s.given[name] {
			*to = map[string]string{"addr": s.addr, "health": s.health, "engine": s.engine, "namespace": s.namespace, "people": s.people}[name]
		}
	}
	if d.Health == "off" {
		d.Health = ""
	}
	if s.given["data"] {
		d = d.WithData(s.data)
	}
	if s.given["wait"] {
		d.Engine.Wait = s.wait
	}
	return d, nil
}
