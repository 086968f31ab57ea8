package gen

func sageMakerArchetypes() []*Archetype { return nil }
func controlArchetypes() []*Archetype   { return []*Archetype{scpArchetype()} }
