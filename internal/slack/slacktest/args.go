package slacktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// largestBody is what a call may carry, in bytes.
const largestBody = 1 << 20

// args are a call's arguments. Those that are no strings are JSON, however they
// came: a form carries them so, and a JSON body is taken apart into the same.
type args map[string]string

// refusal is an answer with ok:false.
type refusal struct {
	code string
	// more goes into the answer beside ok and error.
	more map[string]any
}

func (r *refusal) Error() string { return r.code }

func refuse(code string) error { return &refusal{code: code} }

// read takes a request's arguments and token (Slack, "Using the Slack Web API").
// Whoever sends JSON has the token in a header; a token in a query string is none.
func read(r *http.Request, takesJSON bool) (args, string, error) {
	a, token := args{}, ""
	if bearer, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		token = bearer
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, token, refuse("invalid_arguments")
	}
	query.Del("token")
	a.take(query)
	if r.Method != http.MethodPost {
		return a, token, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, largestBody+1))
	if err != nil || len(body) > largestBody {
		return nil, token, refuse("request_timeout") // documented as "missing data, or too slow"
	}
	if len(body) == 0 {
		return a, token, nil
	}
	if r.Header.Get("Content-Type") == "" {
		return nil, token, refuse("missing_post_type")
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, token, refuse("invalid_post_type")
	}
	if charset := strings.ToLower(params["charset"]); charset != "" && charset != "utf-8" && charset != "iso-8859-1" {
		return nil, token, refuse("invalid_charset")
	}
	switch kind {
	case "application/json":
		if !takesJSON {
			return a, token, nil // it is not looked at: arguments are missing
		}
		return a, token, a.json(body)
	case "application/x-www-form-urlencoded", "text/plain":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, token, refuse("invalid_form_data")
		}
		return a.form(form, token)
	case "multipart/form-data":
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := r.ParseMultipartForm(largestBody); err != nil {
			return nil, token, refuse("invalid_form_data")
		}
		return a.form(r.MultipartForm.Value, token)
	}
	return nil, token, refuse("invalid_post_type")
}

func (a args) form(form url.Values, token string) (args, string, error) {
	if token == "" {
		token = form.Get("token")
	}
	form.Del("token")
	a.take(form)
	return a, token, nil
}

func (a args) take(values url.Values) {
	for name := range values {
		a[name] = values.Get(name)
	}
}

func (a args) json(body []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		var other *json.UnmarshalTypeError
		if errors.As(err, &other) || err == nil {
			return refuse("json_not_object")
		}
		return refuse("invalid_json")
	}
	for name, raw := range object {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			a[name] = text
		default:
			a[name] = string(raw)
		}
	}
	delete(a, "token")
	return nil
}

func (a args) is(name string) bool { return a[name] == "true" || a[name] == "1" }

// list is an argument of several ids, with commas or as JSON.
func (a args) list(name string) []string {
	var all []string
	if json.Unmarshal([]byte(a[name]), &all) == nil {
		return all
	}
	for part := range strings.SplitSeq(a[name], ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
