package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gangway/internal/slack/slacktest"

	"go.temporal.io/api/enums/v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

// lacks are the engines that something is wrong with, and what a start says.
func lacks() map[string]struct {
	change      func(*engine)
	error, hint string
} {
	type row = struct {
		change      func(*engine)
		error, hint string
	}
	return map[string]row{
		"namespace":         {func(e *engine) { e.namespace = "other" }, `the engine has no namespace "trial"`, "temporal operator namespace create --address ADDR --namespace trial --retention 90d"},
		"deleted":           {func(e *engine) { e.state = enums.NAMESPACE_STATE_DELETED }, `the namespace "trial" is being deleted`, "name another one (engine.namespace)"},
		"retention":         {func(e *engine) { e.retention = durationpb.New(29 * 24 * time.Hour) }, `keeps closed runs for 29 days, less than 30 days`, "temporal operator namespace update --address ADDR --namespace trial --retention 90d"},
		"unknown retention": {func(e *engine) { e.retention = nil }, "does not say how long it keeps closed runs", "namespace update"},
		"updates":           {func(e *engine) { e.updates = false }, `the namespace "trial" takes no Updates`, "frontend.enableUpdateWorkflowExecution"},
		"type":              {func(e *engine) { e.attribute["GwCase"] = enums.INDEXED_VALUE_TYPE_TEXT }, "the search attribute GwCase is a Text instead of a Keyword", "temporal operator search-attribute remove --address ADDR --namespace trial --name GwCase"},
		"fixed":             {func(e *engine) { e.fixed = true }, "registering the search attributes [GwVendor]", "temporal operator search-attribute create --address ADDR --namespace trial --name GwVendor --type Keyword"},
		"denied":            {func(e *engine) { e.denied = true }, "looking at the namespace", "must be allowed to read and write in the namespace trial"},
		"stranger":          {func(e *engine) { e.stranger = true }, "connecting to the engine", "is the API key or the client certificate right?"},
		"version":           {func(e *engine) { e.version = "" }, "the engine does not say which version it is", "is a Temporal server behind ADDR?"},
	}
}

func TestAStartNamesWhatTheEngineLacks(t *testing.T) {
	t.Parallel()
	for name, c := range lacks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := sound()
			c.change(&is)
			addr, _ := serve(t, is)
			lines := fails(t, c.error, "-engine", addr, "-namespace", "trial", "-addr", "")
			if hint := strings.ReplaceAll(c.hint, "ADDR", addr); !strings.Contains(lines, "gangway: hint: ") || !strings.Contains(lines, hint) {
				t.Errorf("want the hint %s in\n%s", hint, lines)
			}
		})
	}
}

// TestANamespaceThatWasMadeJustNow: a server describes it some seconds before it
// can be used.
func TestANamespaceThatWasMadeJustNow(t *testing.T) {
	t.Parallel()
	is := sound()
	is.unheard = 3
	addr, asked := serve(t, is)
	r := start(t, nothing, "-data", t.TempDir(), "-engine", addr, "-namespace", "trial", "-addr", "")
	<-asked.polls
	r.end(t)
}

// TestAllFaultsOfAnEngineAtOnce: each with its own remedy.
func TestAllFaultsOfAnEngineAtOnce(t *testing.T) {
	t.Parallel()
	is := sound()
	is.retention, is.updates, is.fixed = durationpb.New(24*time.Hour), false, true
	addr, _ := serve(t, is)
	lines := fails(t, "keeps closed runs for 1 days", "-engine", addr, "-namespace", "trial", "-addr", "")
	if strings.Count(lines, "gangway: error: ") != 3 || strings.Count(lines, "gangway: hint: ") != 3 {
		t.Error(lines)
	}
}

func TestAConfigurationThatIsWrong(t *testing.T) {
	t.Parallel()
	file, _ := setUp(t, "adress: x\nlisten: 5\n")
	for _, args := range [][]string{{"-config", file}, {"doctor", "-config", file}, {"health", "-config", file}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, nothing, &out, &errs); code != 1 || !strings.Contains(errs.String(), file+":1:1: unknown key") || !strings.Contains(errs.String(), file+":2:9: ") {
			t.Errorf("%v: exit %d, %s", args, code, &errs)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-config", file + ".gone"}, nothing, &out, &errs); code != 1 || !strings.Contains(errs.String(), "gangway: hint: `gangway init` writes one") {
		t.Errorf("exit %d, %s", code, &errs)
	}
}

func TestDoctorFindsAllWell(t *testing.T) {
	t.Parallel()
	is := sound()
	is.attribute["GwVendor"] = enums.INDEXED_VALUE_TYPE_KEYWORD
	addr, _ := serve(t, is)
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/livez" {
			fmt.Fprint(w, "gangway is alive\n")
		}
	}))
	defer public.Close()
	file, dir := setUp(t, fmt.Sprintf("address: %s\nengine: {address: %q, namespace: trial}\n", public.URL, addr))
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"doctor", "-config", file}, nothing, &out, &errs)
	if code != 0 || strings.Contains(out.String(), "wrong") || strings.Count(out.String(), "ok     ") != 16 || errs.Len() > 0 {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("doctor left %v, %v", left, err)
	}
}

// TestDoctorTriesSlackWithTheSecretsThatAreNamed: the tokens come from where the
// file says, and what Slack says of them is told, without them.
func TestDoctorTriesSlackWithTheSecretsThatAreNamed(t *testing.T) {
	t.Parallel()
	slack, err := slacktest.New(slacktest.Options{Scopes: []string{"chat:write", "im:write", "users:read", "channels:read", "groups:read", "commands"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slack.Close() })
	o := slack.Options()
	addr, _ := serve(t, sound())
	file, _ := setUp(t, fmt.Sprintf("sign-in: pick\naddress: http://%s\nengine: {address: %q, namespace: trial}\nslack: {app: %s, team: %s, bot-token: {env: BOT}, app-token: {env: APP}, bind-by-mail: example.org, api: %s/api/}\n",
		free(t), addr, o.App, o.Team, slack.URL()))
	env := func(name string) string { return map[string]string{"BOT": o.BotToken, "APP": o.AppToken}[name] }
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"doctor", "-config", file}, env, &out, &errs)
	text := out.String() + errs.String()
	if code != 1 || strings.Count(text, "wrong  slack") != 1 || !strings.Contains(text, "wrong  slack scopes: the bot token lacks users:read.email (") || !strings.Contains(text, "ok     slack socket: ") {
		t.Errorf("exit %d\n%s", code, text)
	}
	if strings.Contains(text, o.BotToken) || strings.Contains(text, o.AppToken) {
		t.Error("a token is told")
	}
}

// TestDoctorFindsEveryFault: nothing that it names works, and each has a remedy.
func TestDoctorFindsEveryFault(t *testing.T) {
	t.Parallel()
	is := sound()
	is.retention = durationpb.New(time.Hour)
	addr, asked := serve(t, is)
	public := httptest.NewServer(http.NotFoundHandler())
	defer public.Close()
	mail, err := net.Listen("tcp", "127.0.0.1:0") // which says what no mail server says
	if err != nil {
		t.Fatal(err)
	}
	defer mail.Close()
	go func() {
		for {
			c, err := mail.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("554 go away\r\n"))
			_ = c.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(mail.Addr().String())
	_, db, _ := net.SplitHostPort(free(t))
	file, dir := setUp(t, fmt.Sprintf("address: %s\ndata: file\npeople: gone.yaml\ndatabase: {url: {env: DB}}\nengine: {address: %q, namespace: trial}\nmail: {from: g@example.org, smtp: {host: 127.0.0.1, port: %s, tls: none}}\n", public.URL, addr, port))
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string {
		return map[string]string{"DB": "postgres://us:hunter2@127.0.0.1:" + db + "/gangway"}[name]
	}
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"doctor", "-config", file}, env, &out, &errs)
	for _, part := range []string{"retention", "search attributes", "data", "database", "keys", "people", "mail", "address"} {
		if !strings.Contains(out.String(), "wrong  "+part+": ") {
			t.Errorf("nothing is wrong with %s", part)
		}
	}
	if n := strings.Count(out.String(), "wrong  "); code != 1 || strings.Count(out.String(), "       do: ") < n || strings.Contains(out.String()+errs.String(), "hunter2") {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
	if _, there := asked.look().attribute["GwVendor"]; there {
		t.Error("doctor registered something")
	}
}
