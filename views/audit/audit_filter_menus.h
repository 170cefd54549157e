// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/audit_trail_reads.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/page.h"

namespace counterfoil {

class DayRangeMenu;

/// The filter menus of the audit trail (who, what, when) and the chips that say what is set. The subject stands in the bar's search field.
class AuditFilterMenus : public QObject {
    Q_OBJECT
public:
    AuditFilterMenus(const PageContext& context, FilterBar* bar, QObject* parent);

    /// Shows this filter in the menus and chips; emits nothing.
    void show(const AuditFilter& filter);
    const AuditFilter& filter() const { return m_filter; }

Q_SIGNALS:
    void filterChanged(const counterfoil::AuditFilter& filter);

private:
    void fillActors();
    void fillActions();
    void setActor(const QString& actor);
    void setAction(const QString& action);
    void askActor();
    void askAction();
    void remove(const QString& key);
    void change(const AuditFilter& filter);
    QList<FilterChip> chips() const;

    const PageContext m_context;
    FilterBar* m_bar;
    DayRangeMenu* m_days = nullptr;
    AuditFilter m_filter;
};

} // namespace counterfoil
