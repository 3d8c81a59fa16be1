package slacktest

import (
	"maps"
	"reflect"
	"strings"
)

// elementsOf looks at an element in a block, as far as it may stand there.
func (l *linter) elementsOf(block string) check {
	return func(l *linter, at string, v any) {
		o, is := v.(map[string]any)
		if !is {
			l.wrong(at, "must provide an object")
			return
		}
		kind, _ := o["type"].(string)
		may := element(kind)
		if may == nil || !fits(kind, block) {
			l.wrong(at+"/type", "unsupported type: %s", kind)
			return
		}
		l.object(at, o, may)
		initially(l, at, o)
		if options, groups := o["options"] != nil, o["option_groups"] != nil; strings.HasSuffix(kind, "static_select") && options == groups {
			l.wrong(at, "must have either options or option_groups")
		}
		if least, most := o["min_length"], o["max_length"]; least != nil && most != nil {
			a, _ := least.(float64)
			b, _ := most.(float64)
			if a > b {
				l.wrong(at+"/min_length", "must be less than max_length")
			}
		}
	}
}

// fits: elements that are typed into stand in inputs alone, buttons and menus of
// commands never there.
func fits(kind, block string) bool {
	switch kind {
	case "button", "overflow":
		return block != "input"
	case "image":
		return block == "section"
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		return block == "input"
	}
	return !strings.HasPrefix(kind, "multi_") || block != "actions"
}

func element(kind string) fields {
	may := fields{"action_id": text(0, 255)}
	choice := fields{"placeholder": plain(150), "confirm": confirm, "focus_on_load": flag}
	typed := fields{"placeholder": plain(150), "focus_on_load": flag, "dispatch_action_config": anything, "initial_value": text(0, 3000)}
	ids := list(0, 100, text(1, 255))
	only := kind
	if multi, is := strings.CutPrefix(kind, "multi_"); is {
		only = multi
		may["max_selected_items"] = number(1, 100)
	}
	with := func(all ...fields) fields {
		for _, more := range all {
			maps.Copy(may, more)
		}
		return may
	}
	switch only {
	case "button":
		return with(fields{"*text": plain(75), "value": text(0, 2000), "url": text(1, 3000), "style": oneOf("primary", "danger"), "confirm": confirm,
			"accessibility_label": text(0, 75), "visible_to_user_ids": ids})
	case "overflow":
		return with(fields{"*options": list(1, 5, option(true)), "confirm": confirm})
	case "static_select":
		return with(choice, fields{"options": list(1, 100, option(false)), "option_groups": list(1, 100, group), "initial_option": anything,
			"initial_options": list(1, 100, option(false))})
	case "external_select":
		return with(choice, fields{"min_query_length": number(0, 3000), "initial_option": option(false), "initial_options": list(1, 100, option(false))})
	case "users_select":
		return with(choice, fields{"initial_user": text(1, 255), "initial_users": ids})
	case "conversations_select":
		return with(choice, fields{"initial_conversation": text(1, 255), "initial_conversations": ids, "default_to_current_conversation": flag,
			"response_url_enabled": flag, "filter": anything})
	case "channels_select":
		return with(choice, fields{"initial_channel": text(1, 255), "initial_channels": ids, "response_url_enabled": flag})
	case "checkboxes":
		return with(fields{"*options": list(1, 10, described), "initial_options": list(1, 10, described), "confirm": confirm, "focus_on_load": flag})
	case "radio_buttons":
		return with(fields{"*options": list(1, 10, described), "initial_option": described, "confirm": confirm, "focus_on_load": flag})
	case "datepicker":
		return with(choice, fields{"initial_date": text(10, 10)})
	case "timepicker":
		return with(choice, fields{"initial_time": text(5, 5), "timezone": text(1, 255)})
	case "datetimepicker":
		return with(fields{"initial_date_time": number(1e9, 1e10), "confirm": confirm, "focus_on_load": flag})
	case "plain_text_input":
		return with(typed, fields{"multiline": flag, "min_length": number(0, 3000), "max_length": number(1, 3000)})
	case "email_text_input", "url_text_input":
		return with(typed)
	case "number_input":
		return with(typed, fields{"*is_decimal_allowed": flag, "min_value": text(1, 255), "max_value": text(1, 255)})
	case "rich_text_input":
		return with(typed, fields{"initial_value": anything})
	case "image":
		return picture()
	}
	return nil
}

// option is one of a menu; those of an overflow may lead somewhere.
func option(leads bool) check {
	return func(l *linter, at string, v any) {
		may := fields{"*text": plain(75), "*value": text(1, 150), "description": plain(75)}
		if leads {
			may["url"] = text(1, 3000)
		}
		l.object(at, v, may)
	}
}

// described is one of a list of checkboxes or radio buttons.
func described(l *linter, at string, v any) {
	l.object(at, v, fields{"*text": written(75), "*value": text(1, 150), "description": written(75)})
}

func group(l *linter, at string, v any) {
	l.object(at, v, fields{"*label": plain(75), "*options": list(1, 100, option(false))})
}

// initially looks whether what is chosen at first is one of the options.
func initially(l *linter, at string, o map[string]any) {
	offered := options(o)
	if offered == nil {
		return
	}
	look := func(at string, v any) {
		for _, each := range offered {
			if reflect.DeepEqual(each, v) {
				return
			}
		}
		l.wrong(at, "must be one of the options")
	}
	if v := o["initial_option"]; v != nil {
		look(at+"/initial_option", v)
	}
	several, _ := o["initial_options"].([]any)
	for _, v := range several {
		look(at+"/initial_options", v)
	}
}

// options are those that an element offers, of all its groups; nil: it offers none
// of its own.
func options(e map[string]any) []any {
	all, _ := e["options"].([]any)
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		if o, is := g.(map[string]any); is {
			more, _ := o["options"].([]any)
			all = append(all[:len(all):len(all)], more...)
		}
	}
	return all
}
