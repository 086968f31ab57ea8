package fakeaws

import (
	"encoding/json"
	"io"
	"net/http"
)

// controlPrefix starts the paths by which another process asks the server about
// itself.
const controlPrefix = "/_fakeaws/"

// control answers GET calls, unanswered and recording, and POST reset (counts),
// forget (recording) and faults (a JSON list that replaces the rules).
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path[len(controlPrefix):] {
	case "GET calls":
		writeJSON(w, s.Calls())
	case "GET unanswered":
		writeJSON(w, s.Unanswered())
	case "GET recording":
		if s.recording == nil {
			http.Error(w, "not recording", http.StatusConflict)
			return
		}
		_ = s.recording.save(w) // the client sees a short body when it fails
	case "POST reset":
		s.ResetCounts()
	case "POST forget":
		s.ForgetUpstream()
	case "POST faults":
		s.replaceFaults(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) replaceFaults(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client left
	}
	faults, err := ParseFaults(data)
	if err == nil {
		err = s.faults.add(faults, true)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client sees a short body when it fails
}
