#include "cli/person_use.hpp"

#include <algorithm>
#include <utility>

#include "ombre/io/use_csv.hpp"
#include "ombre/timeline/build.hpp"

namespace ombre::cli {

Date PersonUse::last_day() const {
  Date last = Date::min();
  for (const auto& u : use) {
    last = std::max(last,
                    Date{} + Days{u.days.first_day + static_cast<std::int32_t>(u.days.size()) - 1});
  }
  return last;
}

Result<PersonUse> use_of(const std::string& file, const std::string& person,
                         const std::string& absent) {
  auto table = io::read_use_csv(file);
  if (!table) return unexpected(table.error());
  if (table->records.axis() != timeline::DayAxis::calendar) {
    return unexpected(
        error_of(Errc::contradiction, file, "must have dates: what is looked at has dates"));
  }
  PersonUse out;
  const auto& persons = table->records.persons();
  if (!person.empty()) {
    if (!persons.find(person)) {
      return unexpected(
          error_at(Errc::unknown_name, "--person", std::nullopt, person, "has no row in " + file));
    }
    out.person = person;
  } else if (persons.size() == 1) {
    out.person = std::string{persons[0]};
  } else {
    return unexpected(error_at(Errc::missing, "--person", std::nullopt,
                               static_cast<double>(persons.size()),
                               "must name one of the people of " + file));
  }
  const timeline::BuildOptions how{absent == "none" ? timeline::AbsentDay::none
                                                    : timeline::AbsentDay::unknown};
  auto built = timeline::build_grid(table->records, how);
  if (!built) return unexpected(built.error());
  out.grid = std::make_unique<timeline::Grid>(std::move(built->grid));
  auto use = outcomes::use_history(*out.grid, out.person);
  if (!use) return unexpected(use.error());
  out.use = *std::move(use);
  out.read = std::move(table->findings);
  out.built = std::move(built->findings);
  return out;
}

}  // namespace ombre::cli
