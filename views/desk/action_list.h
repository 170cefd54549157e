// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/desk/command_offer.h"

#include <QWidget>

#include <map>
#include <vector>

class QPushButton;

namespace counterfoil {

class PlainLabel;

/// The commands that a page offers for what it shows, a button each. One that isn't allowed is disabled and says why: by tool tip, by its
/// accessible description, and in words that can be read without a mouse. Asking leads through the request to the preview.
class ActionList : public QWidget {
    Q_OBJECT
public:
    enum class Form {
        Lines, ///< one below the other, the reason beside each
        Strip, ///< side by side, the reasons in a line behind or beneath
    };

    /// In this order. Until setOffers() nothing is allowed.
    ActionList(const PageContext& context, const std::vector<CommandKind>& kinds, Form form, QWidget* parent = nullptr);

    /// What can be asked for now; a kind that isn't among them stays disabled.
    void setOffers(std::vector<CommandOffer> offers);
    /// Asks for it if it is allowed; returns whether it was.
    bool ask(CommandKind kind);
    QPushButton* button(CommandKind kind) const { return m_entries.at(kind).button; }

private:
    struct Entry {
        QPushButton* button = nullptr;
        /// Lines only.
        PlainLabel* reason = nullptr;
    };

    QString whyNotNow(CommandKind kind) const;
    const CommandOffer* offerOf(CommandKind kind) const;
    void showReasons();
    void buildLines();
    void buildStrip();

    const PageContext m_context;
    const std::vector<CommandKind> m_kinds;
    std::map<CommandKind, Entry> m_entries;
    std::vector<CommandOffer> m_offers;
    /// Strip only.
    PlainLabel* m_reasons = nullptr;
};

} // namespace counterfoil
