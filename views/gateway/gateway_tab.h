// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/page.h"
#include "views/widgets/paged_list.h"

namespace counterfoil {

/// One part of the gateway's page. Like a page it reads only when it is told to.
class GatewayTab : public QWidget {
    Q_OBJECT
public:
    explicit GatewayTab(const PageContext& context, QWidget* parent = nullptr) : QWidget(parent), m_context(context) {}

    virtual void refresh() = 0;
    virtual bool isSettled() const = 0;
    virtual QWidget* firstFocus() = 0;

Q_SIGNALS:
    /// How many rows it lists, in words.
    void countChanged(const QString& count);

protected:
    const PageContext& context() const { return m_context; }
    const Theme& theme() const { return m_context.theme; }
    /// A list of things that belong to orders beside its details: opening one opens its order, or shows the row if it has none.
    void connectList(PagedList* list, DetailPane* details);

private:
    const PageContext m_context;
};

} // namespace counterfoil
