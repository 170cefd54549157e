// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_list.h"

namespace counterfoil {

namespace {

constexpr qint64 limitMax = 100;

} // namespace

SandboxResult<SandboxPage> readPage(const SandboxParams& params)
{
    SandboxPage page;
    SANDBOX_ASSIGN(const auto limit, params.integer("limit", 1));
    page.limit = limit.value_or(page.limit);
    if (page.limit > limitMax) {
        return refuse("parameter_invalid_integer", QStringLiteral("This value must be less than or equal to 100."),
                      QStringLiteral("limit"));
    }
    SANDBOX_ASSIGN(page.startingAfter, params.text("starting_after"));
    SANDBOX_ASSIGN(page.endingBefore, params.text("ending_before"));
    const SandboxParams bounds(params.object("created"));
    if (!params.has("created") || !params.object("created").isEmpty()) {
        SANDBOX_TRY(bounds.only({"gt", "gte", "lt", "lte"}));
        const auto bound = [&](const char* name, qint64& target, qint64 shift, bool isLower) -> SandboxResult<void> {
            SANDBOX_ASSIGN(const auto value, bounds.integer(name, 0));
            if (value) {
                target = isLower ? std::max(target, *value + shift) : std::min(target, *value + shift);
            }
            return {};
        };
        SANDBOX_TRY(bound("gt", page.createdMin, 1, true));
        SANDBOX_TRY(bound("gte", page.createdMin, 0, true));
        SANDBOX_TRY(bound("lt", page.createdMax, -1, false));
        SANDBOX_TRY(bound("lte", page.createdMax, 0, false));
        return page;
    }
    SANDBOX_ASSIGN(const auto exact, params.integer("created", 0));
    page.createdMin = exact.value_or(page.createdMin);
    page.createdMax = exact.value_or(page.createdMax);
    return page;
}

} // namespace counterfoil
