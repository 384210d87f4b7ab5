"""Mirror items: what managers say of themselves beside what customers say of them."""
