// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/desk/request_dialog.h"

class QMenu;

namespace counterfoil {

/// A command that a page offers for what it shows, or why the state of that thing forbids it.
struct CommandOffer {
    RequestDraft draft;
    /// Empty if the state of things allows it.
    QString whyNot;
};

/// Why this person can't ask for it here and now: what the thing's state forbids, else what the role does. Empty if they can.
QString whyNot(const PageContext& context, const CommandOffer& offer);

/// `Freeze…`: the text of what leads to the request.
QString offerText(CommandKind kind);

/// An action at the end of the menu that asks for it; one that isn't allowed is disabled and says why. `key` is what does the same in
/// the list, if anything. The dialogs belong to `parent`.
void addOffer(QMenu* menu, const PageContext& context, const CommandOffer& offer, const QString& key, QWidget* parent);

} // namespace counterfoil
