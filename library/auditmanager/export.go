// Package auditmanager makes a framework of what people export from their own AWS Audit Manager:
// the JSON that the AWS CLI prints of GetAssessmentFramework and GetControl (Audit Manager API
// reference, version 2017-07-25). What it makes is the user's own data. It reads nothing but what it
// is given.
package auditmanager

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Export is what was read of Audit Manager.
type Export struct {
	frameworks []Framework
	controls   map[string]Control // by id: from GetControl, with all fields
}

// Framework is the member of that name of GetAssessmentFramework's answer, as far as a framework has a place for it.
type Framework struct {
	ARN         string       `json:"arn"`
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Description string       `json:"description"`
	ControlSets []ControlSet `json:"controlSets"`
}

// ControlSet is one set of a framework; its controls are partial.
type ControlSet struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Controls []Control `json:"controls"`
}

// Control is the member of that name of GetControl's answer.
type Control struct {
	ARN                    string          `json:"arn"`
	ID                     string          `json:"id"`
	Name                   string          `json:"name"`
	Type                   string          `json:"type"`
	Description            string          `json:"description"`
	TestingInformation     string          `json:"testingInformation"`
	ActionPlanTitle        string          `json:"actionPlanTitle"`
	ActionPlanInstructions string          `json:"actionPlanInstructions"`
	ControlMappingSources  []MappingSource `json:"controlMappingSources"`
}

// MappingSource is one source of evidence of a control.
type MappingSource struct {
	SourceName          string `json:"sourceName"`
	SourceDescription   string `json:"sourceDescription"`
	SourceType          string `json:"sourceType"`
	SourceFrequency     string `json:"sourceFrequency"`
	TroubleshootingText string `json:"troubleshootingText"`
	SourceKeyword       struct {
		KeywordInputType string `json:"keywordInputType"`
		KeywordValue     string `json:"keywordValue"`
	} `json:"sourceKeyword"`
}

// answer is one answer as the CLI prints it.
type answer struct {
	Framework *Framework `json:"framework"`
	Control   *Control   `json:"control"`
}

// Add takes the answers in one file: one after another, or in a JSON list. Its error says what of
// the file, named name, is no such answer.
func (e *Export) Add(name string, data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	for n := 1; ; n++ {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		switch {
		case errors.Is(err, io.EOF) && n == 1:
			return fmt.Errorf("%s: is empty", name)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: is no JSON: %w", name, err)
		}
		answers := []json.RawMessage{raw}
		if raw[0] == '[' {
			if err := json.Unmarshal(raw, &answers); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		for _, a := range answers {
			if err := e.add(a); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
}

func (e *Export) add(data []byte) error {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return fmt.Errorf("is no answer of Audit Manager: %w", err)
	}
	switch {
	case a.Framework != nil:
		if a.Framework.Name == "" || len(a.Framework.ControlSets) == 0 {
			return errors.New("framework: want a name and control sets: use the answer of get-assessment-framework, not of list-assessment-frameworks")
		}
		e.frameworks = append(e.frameworks, *a.Framework)
	case a.Control != nil:
		if a.Control.ID == "" || a.Control.Name == "" {
			return errors.New("control: want an id and a name: use the answer of get-control")
		}
		if e.controls == nil {
			e.controls = map[string]Control{}
		}
		e.controls[a.Control.ID] = *a.Control
	default:
		return errors.New(`is no answer of Audit Manager: want a JSON object with "framework" (get-assessment-framework) or "control" (get-control)`)
	}
	return nil
}

// Framework is the one framework of the export. Its error says that there is none, or that there are several.
func (e *Export) Framework() (*Framework, error) {
	switch len(e.frameworks) {
	case 0:
		return nil, errors.New("there is no framework in the files: add the answer of aws auditmanager get-assessment-framework")
	case 1:
		return &e.frameworks[0], nil
	}
	return nil, fmt.Errorf("%d frameworks are in the files: import one at a time", len(e.frameworks))
}
